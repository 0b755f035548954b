namespace Dayu.Tests;

/// <summary>Texts that tokenizers are trained on.</summary>
static class TrainingTexts
{
    /// <summary>Two languages, digits, signs.</summary>
    public static string Small { get; } = string.Concat(Enumerable.Range(0, 60).Select(i =>
        $"The river rose in {1900 + i * 17}, and Dayu's {i} canals carried it; it's {i * 123456789L} litres.\n"
        + $"大禹治水，疏通河道，第{i}年；禹之治水，水之道也。\r\n\r\nGetHTTPResponse(x_{i});  // été\n"));

    /// <summary>The lines, with their ends, that the peer's trainers were given.</summary>
    public static string[] Of(string language)
    {
        string path = language == "en"
            ? Fixtures.SharedOrSkip("data", "tinyshakespeare.txt") : Fixtures.SharedOrSkip("fixtures", "tokenizer-training", "zh.txt");
        var lines = new List<string>();
        string text = File.ReadAllText(path);
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = text.IndexOf('\n', start) + 1;
            if (end == 0) end = text.Length;
            lines.Add(text[start..end]);
        }
        return [.. lines];
    }
}
