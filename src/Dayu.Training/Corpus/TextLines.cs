using System.Buffers;
using System.Text;

namespace Dayu.Training;

/// <summary>A line of a text file.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">Without its end; empty where <paramref name="Fault"/> says why it cannot be read.</param>
/// <param name="Fault">Why it cannot be read; null: it can.</param>
readonly record struct TextLine(long Number, string Text, string? Fault);

/// <summary>Lines of UTF-8, of which one that cannot be read does not spoil the others. At most one line is in memory.</summary>
static class TextLines
{
    static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Lines to the end of the file, or to where it is damaged, which is the fault of the last.</summary>
    /// <param name="content">Read once.</param>
    /// <param name="most">Bytes of a line at most; a longer one is passed over without being kept.</param>
    public static IEnumerable<TextLine> Of(Stream content, int most)
    {
        var chunk = new byte[1 << 16];
        var line = new ArrayBufferWriter<byte>();
        long number = 1, length = 0;                                 // of the line that is being read, kept or not
        while (true)
        {
            var read = Damage.Try(() => content.Read(chunk), out var damage);
            if (damage is not null)
            {
                yield return new(number, "", damage);
                yield break;
            }
            if (read == 0) break;
            for (var at = 0; at < read;)
            {
                var end = Array.IndexOf(chunk, (byte)'\n', at, read - at);
                var upTo = end < 0 ? read : end;
                length += upTo - at;
                if (length <= most) line.Write(chunk.AsSpan(at..upTo));
                at = upTo + 1;
                if (end < 0) continue;
                yield return Line(number++, line.WrittenSpan, length, most);
                line.ResetWrittenCount();
                length = 0;
            }
        }
        if (length > 0) yield return Line(number, line.WrittenSpan, length, most);
    }

    static TextLine Line(long number, ReadOnlySpan<byte> bytes, long length, int most)
    {
        if (length > most) return new(number, "", $"it has {length:N0} bytes; at most {most:N0} are read");
        if (number == 1 && bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (bytes is [.., (byte)'\r']) bytes = bytes[..^1];
        return Decode(bytes, out var fault) is { } text ? new(number, text, null) : new(number, "", fault);
    }

    /// <summary>Bytes as text; null: they are no UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes, out string? fault)
    {
        try
        {
            fault = null;
            return strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            fault = $"it is no UTF-8 (byte 0x{(e.BytesUnknown is [var first, ..] ? first : 0):X2} at {e.Index + 1:N0}); convert it first";
            return null;
        }
    }
}
