using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// Reads the lines of vocab.txt. A tab in the first line says that every line has a token, a tab and its id; otherwise
/// a token's id is the number of its line.
/// </summary>
static class VocabTxt
{
    /// <summary>Tokens by id; null is an id that no line has.</summary>
    /// <exception cref="TokenizerException">
    /// The file is empty, an id is out of range or stands there twice, or a token is too long.
    /// </exception>
    public static string?[] Read(ReadOnlySpan<byte> file)
    {
        var lines = Lines(file);
        if (lines.Count == 0)
            throw new TokenizerException("vocab.txt is empty; a token on each line was expected. Copy the file again.");
        bool numbered = lines[0].Contains('\t');
        int bound = numbered ? Math.Max(1 << 20, 2 * lines.Count) : lines.Count;
        var tokens = new List<string?>(lines.Count);
        for (int i = 0; i < lines.Count; i++)
        {
            int id = i, length = lines[i].Length;
            if (numbered && !TryNumbered(lines[i], bound, out length, out id))
                throw Damaged(i, lines[i], $"token, tab and id (0 to {bound - 1}) were expected, as in line 1");
            if (length > AddedToken.MaxLength)
                throw Damaged(i, lines[i], $"a token of at most {AddedToken.MaxLength} characters was expected");
            while (tokens.Count <= id) tokens.Add(null);
            if (tokens[id] is not null) throw Damaged(i, lines[i], $"another token has the id {id} already");
            tokens[id] = lines[i][..length];
        }
        return [.. tokens];
    }

    static List<string> Lines(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith("\uFEFF"u8)) file = file[3..];
        var lines = Encoding.UTF8.GetString(file).Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    static bool TryNumbered(string line, int bound, out int length, out int id)
    {
        id = 0;
        length = line.LastIndexOf('\t');
        return length >= 0 && int.TryParse(line.AsSpan(length + 1), NumberStyles.None, null, out id) && id < bound;
    }

    static TokenizerException Damaged(int line, string found, string expected)
    {
        string shown = found.Length > 40 ? found[..40] + "…" : found;
        return new($"vocab.txt, line {line + 1}: '{shown}' found; {expected}. The file is damaged, or is something else.");
    }
}
