using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;

namespace Dayu.Training;

/// <summary>Web pages: the main text, without scripts, styles, navigation and forms. A page is a document.</summary>
public sealed partial class HtmlText(CorpusOptions options) : CorpusReader
{
    /// <summary>Where HTML looks for a declaration of the encoding (WHATWG, 13.2.3.2).</summary>
    const int Head = 1024;

    /// <inheritdoc/>
    public override IEnumerable<ReadDocument> Read(Stream content, string name, Action<SkippedDocument> skip)
    {
        var fault = (string?)null;
        if ((Damage.Try(() => Whole(content), out fault) is { } bytes ? Decode(bytes, out fault) : null) is { } page)
        {
            var text = HtmlBody.TextOf(new HtmlParser().ParseDocument(page));
            if (text.Length > 0) yield return new(name, text);
            else fault = "it has no text outside scripts, navigation and forms";
        }
        if (fault is not null) skip(new(name, fault));
    }

    byte[] Whole(Stream content)
    {
        var whole = new MemoryStream();
        var chunk = new byte[1 << 16];
        while (content.Read(chunk) is var read && read > 0)
        {
            if (whole.Length + read > options.MaxBytes) throw new InvalidDataException($"it has more than {options.MaxBytes:N0} bytes");
            whole.Write(chunk.AsSpan(..read));
        }
        return whole.ToArray();
    }

    /// <summary>UTF-8; where it is none, what the page itself declares: GBK, Big5 and other tables of before.</summary>
    static string? Decode(byte[] bytes, out string? fault)
    {
        var body = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        if (TextLines.Decode(body, out fault) is { } text) return text;
        if (Charset().Match(Encoding.Latin1.GetString(bytes.AsSpan(..Math.Min(Head, bytes.Length))))
            is not { Success: true } declared) return null;
        try
        {
            var strict = (Encoding)Table(declared.Groups[1].Value).Clone();
            strict.DecoderFallback = DecoderFallback.ExceptionFallback;
            var decoded = strict.GetString(bytes);
            fault = null;
            return decoded;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)  // an unknown name; a byte it does not have
        {
            fault = $"it is neither UTF-8 nor {declared.Groups[1].Value}, which it declares";
            return null;
        }
    }

    static Encoding Table(string name) => CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);

    [GeneratedRegex("""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Charset();
}
