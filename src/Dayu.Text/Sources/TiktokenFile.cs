using System.Buffers.Text;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// OpenAI's <c>.tiktoken</c> files: a token on each line, its bytes in base64, a space, its rank, which is its id. Any two neighbours whose bytes together are a token merge, the lowest rank first;
/// a piece that is a token is that token.
/// </summary>
static class TiktokenFile
{
    /// <summary>Longest token in bytes: a token of n bytes is cut in n places, each of which is looked up. The longest of o200k has 128.</summary>
    const int MaxLength = 512;

    /// <summary>Tokens that one thread looks at before it takes more.</summary>
    const int Chunk = 1 << 13;

    public static Tokenizer Read(ReadOnlySpan<byte> file, string? encoding)
    {
        var (tokens, count) = Ranks(file);
        var known = encoding is null ? TiktokenEncoding.WithRanks(count) : TiktokenEncoding.Named(encoding);
        if (count != known.Ranks && !(known.RunsOfSpaces && count == known.Ranks + 24))
            throw new TokenizerException($".tiktoken file: {count} ranks; {known.Name} has {known.Ranks}. The file is cut off, or of another encoding.");
        if (known.RunsOfSpaces) for (int spaces = 2; spaces <= 25; spaces++) Put(tokens, known.Ranks - 1 + spaces, Encoding.UTF8.GetBytes(new string(' ', spaces)));
        var merges = Merges(tokens);
        foreach (var (text, id) in known.Special) Put(tokens, id, Encoding.UTF8.GetBytes(text));
        var special = new SpecialTokens([.. known.Special.Select(token => new AddedToken(token.Id, token.Text))], eos: known.EndOfText);
        return new ByteLevelBpe(new(tokens), merges, new(known.Splitter), special, wholePieces: true);
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
        int number = 0, count = 0, most = file.Length / 4 + 1000;       // a line has six bytes or more: an id cannot be much larger than there are lines
        foreach (var range in file.Split((byte)'\n'))
        {
            number++;
            var line = file[range].TrimEnd((byte)'\r');
            if (line.IsEmpty) continue;
            if (!TryLine(line, buffer, out int length, out int rank) || rank >= most)
                throw new TokenizerException($".tiktoken file, line {number}: a token of 1 to {MaxLength} bytes in base64, a space and its rank (below {most}) were expected. The file is damaged, or is something else.");
            Put(tokens, rank, buffer[..length], number);
            count++;
        }
        return (tokens, count);
    }

    static bool TryLine(ReadOnlySpan<byte> line, Span<byte> buffer, out int length, out int rank)
    {
        (length, rank) = (0, 0);
        int space = line.IndexOf((byte)' ');
        return space > 0 && Base64.DecodeFromUtf8(line[..space], buffer, out _, out length) == System.Buffers.OperationStatus.Done && length > 0
            && Utf8Parser.TryParse(line[(space + 1)..], out rank, out int digits) && digits == line.Length - space - 1 && rank >= 0;
    }

    static void Put(List<byte[]?> tokens, int id, byte[] bytes, int line = 0)
    {
        while (tokens.Count <= id) tokens.Add(null);
        if (line > 0 && tokens[id] is not null) throw new TokenizerException($".tiktoken file, line {line}: rank {id} stands there a second time. The file is damaged.");
        tokens[id] = bytes;
    }

    static MergeTable Merges(List<byte[]?> tokens)
    {
        var ids = new TokenTable(tokens.Count);
        for (int id = 0; id < tokens.Count; id++) if (tokens[id] is { } bytes) ids.TryAdd(bytes, id);
        var merges = new List<(int, int, int, int)>[(tokens.Count + Chunk - 1) / Chunk];
        Batch.For(merges.Length, Environment.ProcessorCount, chunk =>
        {
            var found = merges[chunk] = [];
            for (int id = chunk * Chunk; id < Math.Min(tokens.Count, (chunk + 1) * Chunk); id++)
                for (int cut = 1; cut < (tokens[id]?.Length ?? 0); cut++)
                    if (ids.TryGet(tokens[id].AsSpan(0, cut), out int left) && ids.TryGet(tokens[id].AsSpan(cut), out int right)) found.Add((left, right, id, id));
        });
        return new([.. merges.SelectMany(found => found)]);
    }
}
