using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>A dense row-major array on one backend. Its arena says how long it lives: a pass's arena takes it back, a lasting one keeps weights, caches and gradients.</summary>
public sealed class Tensor
{
    nint address;
    long capacity;
    Tensor? grad;

    /// <summary>A tensor over bytes that lie elsewhere (a mapped file) and outlive the arena.</summary>
    internal Tensor(Arena arena, DType dtype, Shape shape, nint mapped) => (Arena, DType, Shape, address) = (arena, dtype, shape, mapped);

    internal Tensor(Arena arena) => (Arena, DType) = (arena, DType.F32);

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
    public nint Address => address != 0 ? address
        : throw new ObjectDisposedException($"tensor {Shape}", "this pass's memory was recycled; copy what must outlive a block or a pass (ToArray, or Arena.Keep)");

    /// <summary>Size of the memory it lies in; 0 where that belongs to someone else.</summary>
    internal long Capacity => capacity;

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
        if (DType == DType.F32) On.Upload(MemoryMarshal.AsBytes(values), Address);
        else
        {
            var bytes = new byte[Bytes];
            DType.Encode(values, bytes);
            On.Upload(bytes, Address);
        }
        return this;
    }

    /// <summary>Copies integers into an I32 tensor.</summary>
    public Tensor Set(ReadOnlySpan<int> values)
    {
        Check.Count(this, values.Length);
        Check.Type("set", this, DType.I32);
        On.Upload(MemoryMarshal.AsBytes(values), Address);
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

    internal void Become(DType dtype, Shape shape, nint memory, long bytes) => (DType, Shape, address, capacity, NeedsGrad, grad) = (dtype, shape, memory, bytes, false, null);

    /// <summary>Leaves the object without memory: whoever still uses it is told so.</summary>
    internal (nint Address, long Capacity, Tensor? Grad) Take()
    {
        var left = (address, capacity, grad);
        (address, capacity, grad) = (0, 0, null);
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
