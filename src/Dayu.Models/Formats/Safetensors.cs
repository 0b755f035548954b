using System.Buffers.Binary;
using System.Text.Json;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// Hugging Face's checkpoint format: the length of a JSON header (8 bytes), the header (name → dtype, shape, place),
/// then the numbers without gaps. https://huggingface.co/docs/safetensors.
/// </summary>
public static class Safetensors
{
    const long LongestHeader = 100_000_000;                           // as the reference implementation: a larger one is an attack

    /// <summary>Maps a file. Types other than F32, F16, BF16 and I32 are listed as unsupported.</summary>
    /// <exception cref="InvalidDataException">Not a sound safetensors file; says where.</exception>
    public static TensorFile Open(string path) => Open(new MappedFile(path));

    /// <summary>Reads a file that is mapped; it belongs to the result from now on, and is closed on error.</summary>
    /// <exception cref="InvalidDataException">Not a sound safetensors file; says where.</exception>
    public static TensorFile Open(MappedFile file)
    {
        try { return Read(file); }
        catch { file.Dispose(); throw; }
    }

    /// <summary>Whether the file looks like this format, sound or not.</summary>
    internal static bool Recognises(MappedFile file) => file.Length >= 10
        && BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes(0, 8)) is >= 2 and <= LongestHeader
        && file.Bytes(8, 1)[0] == '{';

    static TensorFile Read(MappedFile file)
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes(0, 8));
        if (length is < 2 or > LongestHeader)
            throw file.Bad(0, $"a safetensors header of {length} bytes; 2 to {LongestHeader} were expected");
        var (data, table) = (8 + (long)length, new TensorTable(file));
        var metadata = new Dictionary<string, string>();
        var json = new Utf8JsonReader(file.Bytes(8, (long)length));
        try
        {
            Next(file, ref json, JsonTokenType.StartObject);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                if (json.ValueTextEquals("__metadata__"u8)) ReadMetadata(file, ref json, metadata);
                else ReadTensor(file, ref json, table, data);
            if (json.Read()) throw file.Bad(8 + json.TokenStartIndex, "something follows the header's JSON object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)    // the latter: text that is no Unicode
        {
            throw new InvalidDataException($"{file.Path}, near byte {8 + json.BytesConsumed}: "
                + $"the safetensors header of {length} bytes is no sound JSON; is the file damaged?", e);
        }
        return table.Build(data, gapless: true, metadata);
    }

    static void ReadMetadata(MappedFile file, ref Utf8JsonReader json, Dictionary<string, string> metadata)
    {
        if (!json.Read() || json.TokenType == JsonTokenType.Null) return;   // as some writers say that they have none
        Expect(file, ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            if (!json.Read() || json.TokenType == JsonTokenType.Null) continue;
            Expect(file, ref json, JsonTokenType.String);
            metadata[key] = json.GetString()!;
        }
    }

    static void ReadTensor(MappedFile file, ref Utf8JsonReader json, TensorTable table, long data)
    {
        var at = 8 + json.TokenStartIndex;
        var name = json.GetString()!;
        (string? type, List<long>? axes, List<long>? place) = (null, null, null);
        Next(file, ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            if (json.ValueTextEquals("dtype"u8))
            {
                Next(file, ref json, JsonTokenType.String);
                type = json.GetString();
            }
            else if (json.ValueTextEquals("shape"u8)) axes = Numbers(file, ref json);
            else if (json.ValueTextEquals("data_offsets"u8)) place = Numbers(file, ref json);
            else json.Skip();
        if (type is null || axes is null || place is not [var start, var end])
            throw file.Bad(at, $"tensor {MappedFile.Shown(name)} needs \"dtype\", \"shape\" and \"data_offsets\" [start, end]");
        if (start > end || end > file.Length - data)
            throw file.Bad(at, $"tensor {MappedFile.Shown(name)} lies in bytes {start} to {end} of the data, "
                + $"which has {file.Length - data}; is the file cut off?");

        if (Known(type) is not { } dtype)
            table.AddUnsupported(name, $"its numbers are {MappedFile.Shown(type)}; F32, F16, "
                + "BF16 and I32 are known", data + start, data + end, at);
        else if (axes.Count > 4) table.AddUnsupported(name, $"it has {axes.Count} axes; up to 4 are known", data + start, data + end, at);
        else if (table.Add(name, dtype, axes.ToArray(), data + start, at) != data + end)
            throw file.Bad(at, $"tensor {MappedFile.Shown(name)}: "
                + $"{type} [{string.Join(',', axes)}] does not take the {end - start} bytes that \"data_offsets\" gives it");
    }

    static List<long> Numbers(MappedFile file, ref Utf8JsonReader json)
    {
        Next(file, ref json, JsonTokenType.StartArray);
        var numbers = new List<long>();
        while (json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var n) && n >= 0) numbers.Add(n);
        return json.TokenType == JsonTokenType.EndArray
            ? numbers
            : throw file.Bad(8 + json.TokenStartIndex, "a whole number, 0 or more, was expected");
    }

    static void Next(MappedFile file, ref Utf8JsonReader json, JsonTokenType expected)
    {
        json.Read();
        Expect(file, ref json, expected);
    }

    static void Expect(MappedFile file, ref Utf8JsonReader json, JsonTokenType expected)
    {
        if (json.TokenType != expected)
            throw file.Bad(8 + json.TokenStartIndex, $"{expected} was expected in the safetensors header, not {json.TokenType}");
    }

    static DType? Known(string type) =>
        type switch { "F32" => DType.F32, "F16" => DType.F16, "BF16" => DType.BF16, "I32" => DType.I32, _ => null };

    /// <summary>
    /// Writes a file: whole, or not at all. The widest numbers come first, so that each tensor is aligned to its
    /// numbers.
    /// </summary>
    /// <param name="path">Where; what is there is replaced.</param>
    /// <param name="tensors">F32, F16, BF16 or I32.</param>
    /// <param name="metadata">Free text.</param>
    /// <exception cref="NotSupportedException">A tensor is of another format.</exception>
    public static void Write(string path, IEnumerable<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        TensorSource[] ordered = [.. tensors.OrderByDescending(t => t.DType.BlockBytes)];
        var header = Header(ordered, metadata ?? new Dictionary<string, string>());
        WholeFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var t in ordered) t.CopyTo(stream);
        });
    }

    static byte[] Header(TensorSource[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, text) in metadata) json.WriteString(key, text);
                json.WriteEndObject();
            }
            var (end, names) = (0L, new HashSet<string> { "__metadata__" });
            foreach (var t in tensors)
            {
                var type = t.DType.Name.ToUpperInvariant();
                if (Known(type) is null)
                    throw new NotSupportedException($"safetensors has no {t.DType} numbers (tensor '{t.Name}'); "
                        + "decode them first, or write GGUF");
                if (!names.Add(t.Name)) throw new ArgumentException($"two tensors are called '{t.Name}'", nameof(tensors));
                json.WriteStartObject(t.Name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                for (var i = 0; i < t.Shape.Rank; i++) json.WriteNumberValue(t.Shape[i]);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(end);
                json.WriteNumberValue(end += t.Bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (bytes.Length % 8 != 0) bytes.WriteByte((byte)' ');
        return bytes.ToArray();
    }
}
