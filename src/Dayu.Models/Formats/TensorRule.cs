using System.Text.Json.Nodes;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>How one kind of weight is called in a file, and how it lies there.</summary>
/// <param name="Path">In the model's terms; <c>*</c> stands for one part between dots, <c>**</c> (once) for one or
/// more.</param>
/// <param name="File">In the file's terms, with the same stars in the same order.</param>
/// <param name="Layout">How its values are ordered there; null: as in the model.</param>
public sealed record TensorRule(string Path, string File, TensorLayout? Layout = null)
{
    /// <summary>The name in the file of a path; null where this rule is not about it.</summary>
    public string? ToFile(string path)
    {
        string[] parts = path.Split('.'), pattern = Path.Split('.');
        var (many, more) = (Array.IndexOf(pattern, "**"), parts.Length - pattern.Length);
        if (many >= 0 && more > 0)
            parts = [.. parts[..many], string.Join('.', parts[many..(many + more + 1)]), .. parts[(many + more + 1)..]];
        if (parts.Length != pattern.Length) return null;
        Queue<string> stars = new();
        for (var i = 0; i < parts.Length; i++)
        {
            if (pattern[i] is "*" or "**") stars.Enqueue(parts[i]);
            else if (pattern[i] != parts[i]) return null;
        }
        return string.Join('.', File.Split('.').Select(p => p is "*" or "**" ? stars.Dequeue() : p));
    }
}

/// <summary>Another order of a weight's values in a file than in the model.</summary>
public abstract record TensorLayout
{
    /// <summary>The shape in the model of what has this shape in the file.</summary>
    public virtual Shape ModelShape(Shape file) => file;

    /// <summary>Copies from the file's order to the model's.</summary>
    /// <param name="file">Values in the file's order.</param>
    /// <param name="model">Room for as many bytes.</param>
    /// <param name="dtype">Number format of both.</param>
    /// <param name="shape">Shape in the file.</param>
    /// <param name="config">The model's configuration.</param>
    public abstract unsafe void ToModel(byte* file, byte* model, DType dtype, Shape shape, JsonObject config);

    /// <summary>Copies from the model's order to the file's.</summary>
    /// <param name="model">Values in the model's order.</param>
    /// <param name="file">Room for as many bytes.</param>
    /// <param name="dtype">Number format of both.</param>
    /// <param name="shape">Shape in the model.</param>
    /// <param name="config">The model's configuration.</param>
    public abstract unsafe void ToFile(byte* model, byte* file, DType dtype, Shape shape, JsonObject config);
}

/// <summary>Matrices stored [in, out].</summary>
public sealed record Transposed : TensorLayout
{
    /// <inheritdoc/>
    public override Shape ModelShape(Shape file) => file.Rank == 2 ? new(file[1], file[0]) : file;

    /// <inheritdoc/>
    public override unsafe void ToModel(byte* file, byte* model, DType dtype, Shape shape, JsonObject config)
    {
        if (dtype.IsQuantised) throw new NotSupportedException($"{dtype} blocks cannot be transposed");
        if (shape.Rank != 2) throw new InvalidDataException($"a weight of shape {shape} cannot be transposed, expected a matrix");
        var (rows, columns, size) = (shape[0], shape[1], dtype.BlockBytes);
        for (var r = 0L; r < rows; r++)
            for (var c = 0L; c < columns; c++)
                for (var b = 0; b < size; b++) model[(c * rows + r) * size + b] = file[(r * columns + c) * size + b];
    }

    /// <inheritdoc/>
    public override unsafe void ToFile(byte* model, byte* file, DType dtype, Shape shape, JsonObject config) =>
        ToModel(model, file, dtype, shape, config);
}

/// <summary>
/// Query and key rows as Meta and GGUF order them: the two values that rope turns together are neighbours (0, 1), (2,
/// 3) …; the model has them half a head apart.
/// </summary>
/// <param name="HeadsKey">The configuration's key for the number of heads.</param>
public sealed record HeadRows(string HeadsKey) : TensorLayout
{
    /// <inheritdoc/>
    public override unsafe void ToModel(byte* file, byte* model, DType dtype, Shape shape, JsonObject config) =>
        Permute(file, model, dtype, shape, config, toModel: true);

    /// <inheritdoc/>
    public override unsafe void ToFile(byte* model, byte* file, DType dtype, Shape shape, JsonObject config) =>
        Permute(model, file, dtype, shape, config, toModel: false);

    unsafe void Permute(byte* from, byte* to, DType dtype, Shape shape, JsonObject config, bool toModel)
    {
        var heads = (config[HeadsKey] ?? config["num_attention_heads"])?.GetValue<int>()
            ?? throw new InvalidDataException($"config: {HeadsKey} is missing");
        var (rows, bytes) = shape.Rank == 1 ? (shape[0], dtype.BytesFor(1)) : (shape[0], dtype.BytesFor(shape.Count / shape[0]));
        if (heads <= 0 || rows % (2 * heads) != 0)
            throw new InvalidDataException($"{rows} rows are no whole number of pairs in {heads} heads ({HeadsKey})");
        var half = rows / heads / 2;
        for (var h = 0; h < heads; h++)
            for (var i = 0L; i < half; i++)
                for (var j = 0; j < 2; j++)
                {
                    var (pairs, halves) = (h * 2 * half + 2 * i + j, h * 2 * half + j * half + i);
                    var (source, target) = toModel ? (pairs, halves) : (halves, pairs);
                    Buffer.MemoryCopy(from + source * bytes, to + target * bytes, bytes, bytes);
                }
    }
}
