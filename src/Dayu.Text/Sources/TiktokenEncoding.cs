namespace Dayu.Text;

/// <summary>
/// What a <c>.tiktoken</c> file leaves out: how text is pre-tokenized, and which tokens are special.
/// (github.com/openai/tiktoken, <c>openai_public.py</c>.)
/// </summary>
/// <param name="Name">As OpenAI calls it.</param>
/// <param name="File">The encoding whose file holds its ranks.</param>
/// <param name="Ranks">How many ranks the file has.</param>
/// <param name="Splitter">The pre-tokenizer.</param>
/// <param name="Special">Special tokens.</param>
/// <param name="EndOfText">The id that ends a text.</param>
sealed record TiktokenEncoding(
    string Name, string File, int Ranks, Splitter Splitter, (string Text, int Id)[] Special, int EndOfText)
{
    const string EndOfTextToken = "<|endoftext|>", EndOfPrompt = "<|endofprompt|>";
    const string FimPrefix = "<|fim_prefix|>", FimMiddle = "<|fim_middle|>", FimSuffix = "<|fim_suffix|>";

    static readonly (string, int)[] r50k = [(EndOfTextToken, 50256)];
    static readonly (string, int)[] p50kEdit = [.. r50k, (FimPrefix, 50281), (FimMiddle, 50282), (FimSuffix, 50283)];
    static readonly (string, int)[] o200k = [(EndOfTextToken, 199999), (EndOfPrompt, 200018)];

    static readonly (string, int)[] cl100k =
        [(EndOfTextToken, 100257), (FimPrefix, 100258), (FimMiddle, 100259), (FimSuffix, 100260), (EndOfPrompt, 100276)];

    /// <summary>
    /// All encodings. Where a file does not name its encoding, the first one with as many ranks is meant.
    /// </summary>
    public static readonly TiktokenEncoding[] Known =
    [
        new("r50k_base", "r50k_base", 50256, Splitter.Gpt2, r50k, 50256),
        new("p50k_base", "r50k_base", 50256, Splitter.Gpt2, r50k, 50256) { RunsOfSpaces = true },
        new("p50k_edit", "r50k_base", 50256, Splitter.Gpt2, p50kEdit, 50256) { RunsOfSpaces = true },
        new("cl100k_base", "cl100k_base", 100256, Splitter.Llama3, cl100k, 100257),
        new("o200k_base", "o200k_base", 199998, Splitter.O200k, o200k, 199999),
        new("o200k_harmony", "o200k_base", 199998, Splitter.O200k, Harmony(), 199999),
    ];

    /// <summary>
    /// p50k is r50k with 24 tokens more, runs of 2 to 25 spaces, ids 50257 to 50280; its own file has them.
    /// </summary>
    public bool RunsOfSpaces { get; init; }

    /// <summary>The encoding of this name.</summary>
    public static TiktokenEncoding Named(string name) => Array.Find(Known, e => e.Name == name) ?? throw new TokenizerException(
        $"Encoding '{name}' is not known; known are {string.Join(", ", Known.Select(e => e.Name))}.");

    /// <summary>The encoding of a file with so many ranks.</summary>
    public static TiktokenEncoding WithRanks(int count)
    {
        if (count == 50280) return Named("p50k_base");
        string known = string.Join(", ", Known.Select(e => $"{e.Ranks} ({e.Name})"));
        return Array.Find(Known, e => e.Ranks == count) ?? throw new TokenizerException(
            $".tiktoken file: {count} ranks; encodings are told by their number, and known are {known}. "
            + "The file is cut off, or of an encoding that is not known.");
    }

    /// <summary>Those of gpt-oss: messages and channels; every other id up to 201087 is reserved.</summary>
    static (string, int)[] Harmony()
    {
        const int first = 199998, last = 201087;
        var named = new Dictionary<int, string>
        {
            [199998] = "<|startoftext|>", [199999] = EndOfTextToken,
            [200002] = "<|return|>", [200003] = "<|constrain|>",
            [200005] = "<|channel|>", [200006] = "<|start|>", [200007] = "<|end|>", [200008] = "<|message|>",
            [200012] = "<|call|>", [200018] = EndOfPrompt,
        };
        var ids = Enumerable.Range(first, last - first + 1);
        return [.. ids.Select(id => (named.GetValueOrDefault(id, $"<|reserved_{id}|>"), id))];
    }
}
