using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>The head of a NumPy file (<c>.npy</c>, versions 1 to 3): what its array is, and where it begins.</summary>
/// <param name="Type">Of its elements, as NumPy writes it: <c>&lt;u2</c>.</param>
/// <param name="Count">How many there are.</param>
/// <param name="From">The byte with which they begin.</param>
sealed partial record NumpyHeader(string Type, long Count, long From)
{
    /// <summary>Bytes of a head at most: that of a plain array has about a hundred.</summary>
    const int Longest = 1 << 16;

    static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the head of an array of one dimension.</summary>
    /// <exception cref="InvalidDataException">It is none, or not of one dimension.</exception>
    public static NumpyHeader Read(MappedFile file)
    {
        if (file.Length < 12 || !file.Bytes(0, Magic.Length).SequenceEqual(Magic))
            throw file.Bad(0, "this is no NumPy file; expected that it begins with \\x93NUMPY");
        var version = file.Bytes(6, 1)[0];
        if (version is < 1 or > 3) throw file.Bad(6, $"version {version} of NumPy's format is not known; expected 1, 2 or 3");
        var wide = version > 1 ? sizeof(uint) : sizeof(ushort);
        long length = version > 1 ? BinaryPrimitives.ReadUInt32LittleEndian(file.Bytes(8, 4))
            : BinaryPrimitives.ReadUInt16LittleEndian(file.Bytes(8, 2));
        if (length > Longest) throw file.Bad(8, $"a head of {length:N0} bytes; an array of token ids has at most {Longest:N0}");
        var text = Encoding.UTF8.GetString(file.Bytes(8 + wide, length));
        if (Descr().Match(text) is not { Success: true } type)
            throw file.Bad(8, $"its elements are no plain numbers; expected 'descr': '<u2', '<u4', '<i4' or '<i8' in {Shown(text)}");
        if (Order().Match(text) is not { Success: true } order || order.Groups[1].Value == "True")
            throw file.Bad(8, $"its order is not C's; expected 'fortran_order': False in {Shown(text)}");
        if (Shape().Match(text) is not { Success: true } shape
            || !long.TryParse(shape.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            throw file.Bad(8, $"it has not one dimension; expected 'shape': (N,) in {Shown(text)}; save tokens.reshape(-1)");
        return new(type.Groups[1].Value, count, 8 + wide + length);
    }

    static string Shown(string head) => MappedFile.Shown(head.Trim());

    [GeneratedRegex("""["']descr["']\s*:\s*["']([<>|=]?[a-zA-Z]\d*)["']""")]
    private static partial Regex Descr();

    [GeneratedRegex("""["']fortran_order["']\s*:\s*(True|False)""")]
    private static partial Regex Order();

    [GeneratedRegex("""["']shape["']\s*:\s*\(\s*(\d+)L?\s*,\s*\)""")]
    private static partial Regex Shape();
}
