using Dayu.Hub;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>Tokenizers made from the shared fixtures, each read once.</summary>
static class Vocabularies
{
    static readonly Dictionary<string, Lazy<Tokenizer>> open = [];

    /// <summary>
    /// A tokenizer of a file in the shared folder. Skips the test where the folder is absent, or where the error says
    /// that the file's kind is not known yet.
    /// </summary>
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
        .. Files("fixtures/tokenizers", "*.gguf", "*.tokenizer.json", "*.tiktoken", "*.vocab.txt", "*.tokenizer.model"),
        .. Files("fixtures/tokenizer-training", "*.tokenizer.json"),
        .. Files("models", "*.gguf", "tok*.bin", "*.tokenizer.bin"),
    ];

    static IEnumerable<string> Files(string folder, params string[] patterns) =>
        patterns.SelectMany(pattern => Fixtures.SharedFiles(folder, pattern)).Select(file => $"{folder}/{file}");

    /// <summary>The texts of a file of llama.cpp's test vectors.</summary>
    public static string[] LlamaCppTexts(string path) => File.ReadAllText(path).Split("\n__ggml_vocab_test__\n");

    /// <summary>
    /// Random text of all kinds of characters: letters of many scripts, digits, marks, white space, emoji,
    /// contractions; never a lone surrogate.
    /// </summary>
    public static string RandomText(Random random, int most)
    {
        string[] snippets =
        [
            "'s", "'RE", "'ſ", "  ", "\n", "\r\n", " \t ", "<|", "|>", "e\u0301", "\u3000", "\u0085", "123456", "½",
            "👩‍👩‍👧", "𝒳", "漢字", " the", "\u2581", "\0", "\uFEFF", "\uFFFD", "'",
        ];
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
