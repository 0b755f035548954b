using Dayu.Hub;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>Tokenizers made from the shared fixtures, each read once.</summary>
static class Vocabularies
{
    static readonly Dictionary<string, Lazy<Tokenizer>> open = [];

    /// <summary>A tokenizer of a file in the shared folder. Skips where the folder is absent, or the file is of a kind that is not known yet (and says so itself).</summary>
    public static Tokenizer Open(params string[] parts)
    {
        var path = Fixtures.SharedOrSkip(parts);
        Lazy<Tokenizer> tokenizer;
        lock (open) if (!open.TryGetValue(path, out tokenizer!)) open[path] = tokenizer = new(() => TokenizerFiles.Open(path));
        try { return tokenizer.Value; }
        catch (TokenizerException e) when (e.Message.Contains("not known yet", StringComparison.Ordinal))
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    /// <summary>Every tokenizer file that there is, relative to the shared folder.</summary>
    public static string[] All() =>
    [
        .. Fixtures.SharedFiles("fixtures/tokenizers", "*.gguf").Concat(Fixtures.SharedFiles("fixtures/tokenizers", "*.tokenizer.json")).Concat(Fixtures.SharedFiles("fixtures/tokenizers", "*.tiktoken")).Select(f => $"fixtures/tokenizers/{f}"),
        .. Fixtures.SharedFiles("fixtures/tokenizers", "*.vocab.txt").Concat(Fixtures.SharedFiles("fixtures/tokenizers", "*.tokenizer.model")).Select(f => $"fixtures/tokenizers/{f}"),
        .. Fixtures.SharedFiles("fixtures/tokenizer-training", "*.tokenizer.json").Select(f => $"fixtures/tokenizer-training/{f}"),
        .. Fixtures.SharedFiles("models", "*.gguf").Concat(Fixtures.SharedFiles("models", "tok*.bin")).Concat(Fixtures.SharedFiles("models", "*.tokenizer.bin")).Select(f => $"models/{f}"),
    ];

    /// <summary>Random text of characters from everywhere: letters of many scripts, digits, marks, white space, emoji, contractions; never a lone surrogate.</summary>
    public static string RandomText(Random random, int most)
    {
        string[] snippets = ["'s", "'RE", "'ſ", "  ", "\n", "\r\n", " \t ", "<|", "|>", "e\u0301", "\u3000", "\u0085", "123456", "½", "👩‍👩‍👧", "𝒳", "漢字", " the", "\u2581", "\0", "\uFEFF", "\uFFFD", "'"];
        var text = new System.Text.StringBuilder();
        for (int n = random.Next(most + 1); n > 0; n--)
            _ = random.Next(6) switch
            {
                0 => text.Append(snippets[random.Next(snippets.Length)]),
                1 => text.Append(Rune(random, 0x110000)),
                2 => text.Append(Rune(random, 0x3000)),
                3 => text.Append(' '),
                _ => text.Append((char)random.Next(0x20, 0x7F)),
            };
        return text.ToString();

        static System.Text.Rune Rune(Random random, int bound)
        {
            System.Text.Rune rune;
            while (!System.Text.Rune.TryCreate(random.Next(bound), out rune)) { }
            return rune;
        }
    }
}
