using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// OpenAI's <c>.tiktoken</c> files: a token on each line, its bytes in base64, a space, and its rank, which is its id.
/// Any two neighbours whose bytes together are a token merge, the lowest rank first; a pre-token that is a token is not
/// merged.
/// </summary>
static class TiktokenFile
{
    /// <summary>
    /// The longest token in bytes. A token of n bytes has n - 1 splits, each of which is looked up. The longest of
    /// o200k has 128.
    /// </summary>
    const int MaxLength = 512;

    const int TokensPerChunk = 1 << 13;

    public static Tokenizer Read(ReadOnlySpan<byte> file, string? encoding)
    {
        var (tokens, count) = Ranks(file);
        var known = encoding is null ? TiktokenEncoding.WithRanks(count) : TiktokenEncoding.Named(encoding);
        if (count != known.Ranks && !(known.RunsOfSpaces && count == known.Ranks + 24))
            throw new TokenizerException(
                $".tiktoken file: {count} ranks; {known.Name} has {known.Ranks}. The file is cut off, or of another encoding.");
        if (known.RunsOfSpaces) AddRunsOfSpaces(tokens, known.Ranks + 1);
        var merges = Merges(tokens);
        foreach (var (text, id) in known.Special) Put(tokens, id, Encoding.UTF8.GetBytes(text));
        var added = known.Special.Select(token => new AddedToken(token.Id, token.Text));
        var parts = new ByteLevelBpeParts(new(tokens), merges, new(known.Splitter), IgnoreMerges: true);
        return new ByteLevelBpe(parts, new([.. added], eos: known.EndOfText));
    }

    static void AddRunsOfSpaces(List<byte[]?> tokens, int firstId)
    {
        for (int spaces = 2; spaces <= 25; spaces++)
            Put(tokens, firstId + spaces - 2, Encoding.UTF8.GetBytes(new string(' ', spaces)));
    }

    /// <summary>Whether the file's first line is that of a .tiktoken file.</summary>
    public static bool Recognise(ReadOnlySpan<byte> file)
    {
        int end = file.IndexOf((byte)'\n');
        return end is > 0 and < 1024 && TryLine(file[..end], new byte[1024], out _, out _);
    }

    static (List<byte[]?> Tokens, int Count) Ranks(ReadOnlySpan<byte> file)
    {
        var tokens = new List<byte[]?>();
        var buffer = new byte[MaxLength];
        int number = 0, count = 0;
        int bound = file.Length / 4 + 1000;       // generous: a line has six bytes or more, and ids have few gaps
        foreach (var range in file.Split((byte)'\n'))
        {
            number++;
            var line = file[range].TrimEnd((byte)'\r');
            if (line.IsEmpty) continue;
            if (!TryLine(line, buffer, out int length, out int rank) || rank >= bound)
                throw Damaged(number,
                    $"a token of 1 to {MaxLength} bytes in base64, a space and its rank (below {bound}) were expected");
            Put(tokens, rank, buffer[..length], number);
            count++;
        }
        return (tokens, count);
    }

    static bool TryLine(ReadOnlySpan<byte> line, Span<byte> buffer, out int length, out int rank)
    {
        (length, rank) = (0, 0);
        int space = line.IndexOf((byte)' ');
        if (space <= 0) return false;
        ReadOnlySpan<byte> token = line[..space], number = line[(space + 1)..];
        return Base64.DecodeFromUtf8(token, buffer, out _, out length) == OperationStatus.Done && length > 0
            && Utf8Parser.TryParse(number, out rank, out int digits) && digits == number.Length && rank >= 0;
    }

    static void Put(List<byte[]?> tokens, int id, byte[] bytes, int line = 0)
    {
        while (tokens.Count <= id) tokens.Add(null);
        if (line > 0 && tokens[id] is not null) throw Damaged(line, $"rank {id} stands there a second time");
        tokens[id] = bytes;
    }

    static TokenizerException Damaged(int line, string what) =>
        new($".tiktoken file, line {line}: {what}. The file is damaged, or is something else.");

    static MergeTable Merges(List<byte[]?> tokens)
    {
        var ids = new TokenTable(tokens.Count);
        for (int id = 0; id < tokens.Count; id++)
            if (tokens[id] is { } bytes) ids.TryAdd(bytes, id);
        var merges = new List<(int, int, int, int)>[(tokens.Count + TokensPerChunk - 1) / TokensPerChunk];
        Batch.For(merges.Length, Environment.ProcessorCount, chunk =>
        {
            var found = merges[chunk] = [];
            for (int id = chunk * TokensPerChunk; id < Math.Min(tokens.Count, (chunk + 1) * TokensPerChunk); id++)
                AddMerges(ids, tokens[id], id, found);
        });
        return new([.. merges.SelectMany(found => found)]);
    }

    /// <summary>Every split of a token into two tokens is a merge of its rank.</summary>
    static void AddMerges(TokenTable ids, ReadOnlySpan<byte> token, int id, List<(int, int, int, int)> merges)
    {
        for (int split = 1; split < token.Length; split++)
            if (ids.TryGet(token[..split], out int left) && ids.TryGet(token[split..], out int right))
                merges.Add((left, right, id, id));
    }
}
