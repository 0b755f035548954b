using System.Text.RegularExpressions;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>What is asked of the attention of a model, put to a text: which word looks, at which words, in which head.</summary>
sealed partial class AttentionQuestion
{
    /// <param name="call">Who asks.</param>
    /// <param name="maps">What every head looks at.</param>
    /// <param name="isCausal">Whether a word sees only itself and those before it.</param>
    /// <param name="words">Query, key, against; null where not said.</param>
    /// <param name="layer">From 0; null: any.</param>
    /// <param name="head">From 0; null: any.</param>
    public AttentionQuestion(CommandContext call, AttentionMaps maps, bool isCausal, (string? Query, string? Key, string? Against) words, int? layer, int? head)
    {
        (Maps, IsCausal) = (maps, isCausal);
        if (words.Query is null && (words.Key ?? words.Against) is not null) throw new CliError(2043);
        if (words.Key is null && words.Against is not null) throw new CliError(2044);
        (Query, Key, Against) = (Find(call, words.Query), Find(call, words.Key), Find(call, words.Against));
        var candidates = maps.All.Where(h => (layer is null || h.Layer == layer) && (head is null || h.Head == head)).ToList();
        if (candidates.Count == 0) throw new CliError(2042, layer ?? 0, head ?? 0, maps.Layers - 1, maps.Heads(0) - 1);
        (Heads, Of) = (candidates, candidates.Count);
        if (Query is not { } q || Key is not { } k || (isCausal && k.First > q.First + q.Count - 1)) return;
        Ranked = [.. maps.Ranked(q, k, Against).Where(s => candidates.Contains((s.Layer, s.Head)))];
        Best = Ranked[0];
        Heads = [(Best.Layer, Best.Head)];
    }

    public AttentionMaps Maps { get; }

    public bool IsCausal { get; }

    /// <summary>Where the words stand, in pieces; null: not asked for.</summary>
    public (int First, int Count)? Query { get; }

    public (int First, int Count)? Key { get; }

    public (int First, int Count)? Against { get; }

    /// <summary>The head that is shown, or those whose mean is.</summary>
    public IReadOnlyList<(int Layer, int Head)> Heads { get; }

    /// <summary>How many heads there were to choose from.</summary>
    public int Of { get; }

    /// <summary>Every head, the best first; empty where nothing is compared.</summary>
    public IReadOnlyList<HeadScore> Ranked { get; } = [];

    /// <summary>The head in which the query looks most at the key.</summary>
    public HeadScore? Best { get; }

    /// <summary>What a stretch of pieces says.</summary>
    public string Said((int First, int Count) stretch) => string.Concat(Maps.Pieces.All.Skip(stretch.First).Take(stretch.Count).Select(p => p.Text)).Trim();

    /// <summary>Words that the query asks about and cannot see, since they come later.</summary>
    public IEnumerable<string> Unseen => !IsCausal || Query is not { } q ? [] : ((int First, int Count)?[])[Key, Against] is var asked
        ? asked.OfType<(int First, int Count)>().Where(k => k.First > q.First + q.Count - 1).Select(Said) : [];

    (int First, int Count)? Find(CommandContext call, string? said)
    {
        if (said is null) return null;
        var numbered = Numbered().Match(said);
        var (word, n) = numbered.Success && int.TryParse(numbered.Groups[2].Value, out var number) ? (numbered.Groups[1].Value, number) : (said, 0);
        var found = Maps.Pieces.Find(word);
        if (found.Count == 0) throw new CliError(2041, word, string.Join(" ", Maps.Pieces.All.Select(p => p.Shown)));
        if (n > found.Count) throw new CliError(2045, word, found.Count, n);
        if (n == 0 && found.Count > 1) call.Out.Note(call.Say.Text("attention.several", word, found.Count));
        return found[Math.Max(0, n - 1)];
    }

    [GeneratedRegex("^(.+)#([1-9][0-9]{0,3})$")]
    private static partial Regex Numbered();
}
