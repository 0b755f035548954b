using System.Text;

namespace Dayu.Training;

/// <summary>A document that is not learnt from.</summary>
/// <param name="Place">Where it is: <c>news.jsonl:12</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedDocument(string Place, string Reason);

/// <summary>A source of texts or conversations, as it was read: what cannot be read of it fails alone.</summary>
/// <param name="Recipe">Which.</param>
/// <param name="Documents">Its documents.</param>
/// <param name="Skipped">What is none.</param>
public sealed record SourceText(SourceRecipe Recipe, IReadOnlyList<ReadDocument> Documents, IReadOnlyList<SkippedDocument> Skipped)
    : SourceContent(Recipe)
{
    /// <summary>Bytes of a text that is one document: more are no text that a .NET string holds.</summary>
    const int Longest = 1 << 30;

    /// <summary>Whether it is one text, of which the last part is held out; else the last of its documents are.</summary>
    internal bool IsOne => !SourceRecipe.HasDocuments(Recipe.Path);

    /// <summary>Reads a file: a text, or documents in one of the formats of <see cref="CorpusFile"/>; packed or not.</summary>
    /// <param name="source">Which.</param>
    /// <param name="kind">What it holds, where it does not say so itself.</param>
    /// <exception cref="RecipeException">It cannot be opened, or is one text and no UTF-8.</exception>
    public static new SourceText Open(SourceRecipe source, SourceKind kind)
    {
        var file = Damage.Try(() => File.OpenRead(source.Path), out var fault) ?? throw Unreadable(source, fault!);
        using var content = Packing.Open(file, source.Path);
        return Of(source, kind, content);
    }

    /// <summary>Reads one that is in memory.</summary>
    /// <inheritdoc cref="Open"/>
    /// <param name="source">Which.</param>
    /// <param name="kind">What it holds, where it does not say so itself.</param>
    /// <param name="content">What the file holds, as text; not packed.</param>
    public static SourceText Of(SourceRecipe source, SourceKind kind, string content)
    {
        if (SourceRecipe.IsPlain(source.Path)) return new(source, [new(Path.GetFileName(source.Path), content)], []);
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(content));
        return Of(source, kind, bytes);
    }

    static SourceText Of(SourceRecipe source, SourceKind kind, Stream content)
    {
        var (name, skipped) = (Path.GetFileName(source.Path), new List<SkippedDocument>());
        if (SourceRecipe.IsPlain(source.Path)) return new(source, [new(name, Whole(source, content))], skipped);
        var own = source.Kind ?? kind;
        var read = own == SourceKind.Text ? CorpusFile.Read(content, source.Path, new(), skipped.Add)
            : ChatLines.Read(content, name, own, skipped.Add);
        return new(source with { Kind = own }, [.. read], skipped);
    }

    internal override DataSource Tokenised(TextCoding by, double share, int vocabulary, int? window) =>
        DataSource.Of(this, by.Tokenizer, by.Chat, share, vocabulary, window);

    /// <inheritdoc/>
    public override void Dispose() { }                               // everything was read

    /// <summary>A text as it is: not a character of it is changed, whatever its ends of lines are.</summary>
    static string Whole(SourceRecipe source, Stream content)
    {
        var (whole, chunk) = (new MemoryStream(), new byte[1 << 16]);
        while (true)
        {
            var read = Damage.Try(() => content.Read(chunk), out var damage);
            if (damage is not null) throw Unreadable(source, damage);
            if (read == 0) break;
            if (whole.Length + read > Longest)
                throw Unreadable(source, $"it has more than {Longest:N0} bytes, which is the most that one text may have; divide it, "
                    + "or prepare it as shards");
            whole.Write(chunk.AsSpan(..read));
        }
        var bytes = whole.GetBuffer().AsSpan(0, (int)whole.Length);
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        return TextLines.Decode(bytes, out var fault) ?? throw Unreadable(source, fault!);
    }

    static RecipeException Unreadable(SourceRecipe source, string fault) => new($"data.sources: {source.Path}: {fault}");
}

/// <summary>A document cannot be learnt from; the others can.</summary>
sealed class DocumentException(string message) : Exception(message);
