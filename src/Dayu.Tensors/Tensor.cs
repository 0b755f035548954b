using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>
/// A dense row-major array on one backend. Its arena says how long it lives: a pass's arena takes it back, a lasting
/// one keeps weights, caches and gradients.
/// </summary>
public sealed class Tensor
{
    readonly Storage own = new();
    Storage storage;                                                 // its own, or that of the tensor it is a view of
    nint offset;
    Tensor? grad;

    internal Tensor(Arena arena) => (Arena, DType, storage) = (arena, DType.F32, own);

    /// <summary>Who owns the memory.</summary>
    public Arena Arena { get; }

    /// <summary>Where the numbers lie and who computes with them.</summary>
    public Backend On => Arena.On;

    /// <summary>Number format.</summary>
    public DType DType { get; private set; }

    /// <summary>Lengths of the axes.</summary>
    public Shape Shape { get; private set; }

    /// <summary>Length of the innermost axis.</summary>
    public int Width => checked((int)Shape[^1]);

    /// <summary>Everything but the innermost axis, as one.</summary>
    public int Rows => Shape.Count == 0 ? 0 : checked((int)(Shape.Count / Shape[^1]));

    /// <summary>Size of the data.</summary>
    public long Bytes => DType.BytesFor(Shape.Count);

    /// <summary>Where the data starts on its device.</summary>
    /// <exception cref="ObjectDisposedException">The pass took the memory back.</exception>
    public nint Address => storage.Address is not 0 and var start ? start + offset : throw Recycled();

    /// <summary>The same, for someone who writes there: raises <see cref="Version"/>.</summary>
    /// <exception cref="ObjectDisposedException">The pass took the memory back.</exception>
    public nint WriteAddress => storage.Written() is not 0 and var start ? start + offset : throw Recycled();

    /// <summary>Rises whenever the numbers are written to, through this tensor or through a view of it.</summary>
    public long Version => storage.Version;

    ObjectDisposedException Recycled() => new($"tensor {Shape}",
        "this pass's memory was recycled; copy what must outlive a block or a pass (ToArray, or Arena.Keep)");

    /// <summary>Size of the memory it owns; 0 where that belongs to someone else.</summary>
    internal long Capacity => storage == own ? own.Capacity : 0;

    /// <summary>Whether a gradient is wanted: of a parameter, or of what was computed from one.</summary>
    public bool NeedsGrad { get; set; }

    /// <summary>The gradient, made of zeros on first use, in the arena of the tensor. Gradients accumulate.</summary>
    public Tensor Grad
    {
        get
        {
            if (grad is not null) return grad;
            grad = Arena.Unlisted(Shape);
            On.Fill(grad, 0);
            return grad;
        }
    }

    /// <summary>The gradient, for an op that writes all of it: the first one need not add to zeros.</summary>
    /// <param name="add">Whether it holds something that is to be added to; else its content is undefined.</param>
    internal Tensor GradToWrite(out bool add)
    {
        add = grad is not null;
        return grad ??= Arena.Unlisted(Shape);
    }

    /// <summary>The gradient where one is wanted, else null: what a backward kernel is handed.</summary>
    public Tensor? GradOrNull => NeedsGrad ? Grad : null;

    /// <summary>Whether a gradient has been made.</summary>
    public bool HasGrad => grad is not null;

    /// <summary>A float32 tensor of the same shape in the same arena.</summary>
    public Tensor Like() => Arena.New(Shape);

    /// <summary>Copies values in, encoding them where the format is not float32.</summary>
    public Tensor Set(ReadOnlySpan<float> values)
    {
        Check.Count(this, values.Length);
        if (DType == DType.F32) On.Upload(MemoryMarshal.AsBytes(values), WriteAddress);
        else
        {
            var bytes = new byte[Bytes];
            DType.Encode(values, bytes);
            On.Upload(bytes, WriteAddress);
        }
        return this;
    }

    /// <summary>Copies integers into an I32 tensor.</summary>
    public Tensor Set(ReadOnlySpan<int> values)
    {
        Check.Count(this, values.Length);
        Check.Type("set", this, DType.I32);
        On.Upload(MemoryMarshal.AsBytes(values), WriteAddress);
        return this;
    }

    /// <summary>The values as float32, on the host.</summary>
    public float[] ToArray()
    {
        var values = new float[Shape.Count];
        CopyTo(values);
        return values;
    }

    /// <summary>Copies the values to the host, decoding them where the format is not float32.</summary>
    public void CopyTo(Span<float> values)
    {
        Check.Count(this, values.Length);
        if (DType == DType.F32) { On.Download(Address, MemoryMarshal.AsBytes(values)); return; }
        var bytes = new byte[Bytes];
        On.Download(Address, bytes);
        DType.Decode(bytes, values);
    }

    /// <summary>
    /// Some of its values under another shape, in the same memory and for as long as that lives: parameters in one flat
    /// buffer.
    /// </summary>
    /// <param name="first">The first value; where the format has blocks, the first of a block.</param>
    /// <param name="shape">As many values as are seen.</param>
    /// <exception cref="ShapeException">They are not all values of this tensor.</exception>
    public Tensor View(long first, Shape shape)
    {
        var isInside = first >= 0 && first % DType.BlockValues == 0 && first <= Shape.Count - shape.Count;
        Check.That(isInside, "view", $"{shape} from value {first} on does not lie in {this}");
        return Arena.View(this, DType.BytesFor(first), shape);
    }

    /// <summary>
    /// Moves the numbers to a place in another tensor, whose view this becomes: all parameters in one flat buffer. Its own
    /// memory is given back to the backend.
    /// </summary>
    /// <param name="flat">Float32, as this is, and lives at least as long.</param>
    /// <param name="first">Where in it, in values.</param>
    /// <exception cref="ShapeException">They do not fit there, or are of another format.</exception>
    public void MoveTo(Tensor flat, long first)
    {
        Check.Floats("move", this, flat);
        var bytes = Place(flat, first);
        On.Copy(Address, flat.WriteAddress + bytes, Bytes);
        if (storage == own) Arena.GiveBack(own.Address, own.Capacity);
        own.Become(0, 0);
        (storage, offset) = (flat.storage, flat.offset + bytes);
    }

    /// <summary>Lets the gradient lie in another tensor: those of all parameters in one flat buffer.</summary>
    /// <param name="flat">Float32; lives at least as long.</param>
    /// <param name="first">Where in it, in values.</param>
    /// <exception cref="ShapeException">It does not fit there.</exception>
    public void PlaceGrad(Tensor flat, long first)
    {
        Check.Floats("gradient", flat);
        grad = Arena.Unlisted(flat, Place(flat, first), Shape);
    }

    nint Place(Tensor flat, long first)
    {
        var isInside = first >= 0 && first <= flat.Shape.Count - Shape.Count;
        Check.That(isInside, "view", $"{Shape} from value {first} on does not lie in {flat}");
        return (nint)(sizeof(float) * first);
    }

    /// <summary>Becomes the owner of memory.</summary>
    internal void Become(DType dtype, Shape shape, nint memory, long bytes)
    {
        own.Become(memory, bytes);
        (storage, offset, DType, Shape, NeedsGrad, grad) = (own, 0, dtype, shape, false, null);
    }

    /// <summary>Becomes a view of another's memory.</summary>
    internal void Become(Tensor of, nint bytes, Shape shape) =>
        (storage, offset, DType, Shape, NeedsGrad, grad) = (of.storage, of.offset + bytes, of.DType, shape, false, null);

    /// <summary>Leaves the object without memory: whoever still uses it, or a view of it, is told so.</summary>
    internal (nint Address, long Capacity, Tensor? Grad) Take()
    {
        var left = storage == own ? (own.Address, own.Capacity, grad) : (0, 0, grad);
        own.Become(0, 0);
        (storage, offset, grad) = (own, 0, null);
        return left;
    }

    /// <summary>Sum; see <see cref="Op.Add"/>.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Op.Add(a, b);

    /// <summary>Product, value by value; see <see cref="Op.Mul"/>.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Op.Mul(a, b);

    /// <summary>Every value times a number; see <see cref="Op.Scale"/>.</summary>
    public static Tensor operator *(Tensor a, float factor) => Op.Scale(a, factor);

    /// <inheritdoc/>
    public override string ToString() => $"{Shape} {DType}";
}
