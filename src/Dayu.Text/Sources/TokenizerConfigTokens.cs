using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// The tokens that tokenizer_config.json adds to a vocabulary: <c>added_tokens_decoder</c>,
/// <c>additional_special_tokens</c>, <c>extra_special_tokens</c>. Some models name them nowhere else.
/// </summary>
/// <param name="config">tokenizer_config.json, or a null value.</param>
/// <param name="ids">The vocabulary.</param>
/// <param name="added">The added tokens that are known; those that are not are appended.</param>
/// <param name="warnings">Receives what was left out.</param>
sealed class TokenizerConfigTokens(JsonAt config, IReadOnlyDictionary<string, int> ids, List<AddedToken> added, List<string> warnings)
{
    /// <summary>Ids may leave gaps, but not so wide that a small file takes much memory.</summary>
    const int WidestGap = 1 << 16;

    readonly HashSet<string> known = [.. added.Select(token => token.Text)];
    HashSet<int>? taken;                    // ids that have a token; made when it is asked for
    readonly List<string> missing = [];

    /// <summary>Appends them.</summary>
    public void Add()
    {
        if (config.IsNull) return;
        if (config["added_tokens_decoder"] is { IsNull: false } decoder)
        {
            foreach (var (id, token) in decoder.Members()) Add(token, int.TryParse(id, out int stated) ? stated : null, special: false);
            Warn(decoder);
        }
        foreach (string key in (ReadOnlySpan<string>)["additional_special_tokens", "extra_special_tokens"])
        {
            foreach (var token in Listed(config[key])) Add(token, stated: null, special: true);
            Warn(config[key]);
        }
    }

    static IEnumerable<JsonAt> Listed(JsonAt list) => list.Value.ValueKind switch
    {
        JsonValueKind.Array => list.Items(),
        JsonValueKind.Object => list.Members().Select(member => member.Value),      // by what they are for: "image_token"
        _ => [],
    };

    /// <summary>Adds a token with the id that the vocabulary gives it, else with its own if no other token has that.</summary>
    void Add(JsonAt token, int? stated, bool special)
    {
        bool isText = token.Value.ValueKind == JsonValueKind.String;
        string text = (isText ? token : token["content"]).String();
        if (text.Length == 0 || !known.Add(text)) return;
        if (!ids.TryGetValue(text, out int id))
        {
            if (stated is not { } own || !IsFree(own))
            {
                missing.Add(text);
                return;
            }
            id = own;
        }
        added.Add(isText ? new(id, text) : TokenizerJson.Added(id, token, special));
    }

    bool IsFree(int id)
    {
        taken ??= [.. ids.Values];
        foreach (var token in added) taken.Add(token.Id);
        return id >= 0 && id <= taken.Count + WidestGap && !taken.Contains(id);
    }

    void Warn(JsonAt list)
    {
        if (missing.Count > 0) warnings.Add(Missing(list, [.. missing]));
        missing.Clear();
    }

    /// <summary>What is said of special tokens that no vocabulary has.</summary>
    /// <param name="at">Where they are named.</param>
    /// <param name="tokens">Their texts.</param>
    public static string Missing(JsonAt at, params IReadOnlyList<string> tokens)
    {
        string shown = string.Join(", ", tokens.Take(3).Select(token => $"'{token}'"));
        if (tokens.Count > 3) shown += $" and {tokens.Count - 3} more";
        return $"{at.Path}: no vocabulary has {shown}; left out. If the model needs it, these files are not of one model.";
    }
}
