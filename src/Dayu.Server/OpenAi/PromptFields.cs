using System.Text.Json;
using Dayu.Hub;

namespace Dayu.Server;

/// <summary>A prompt: its tokens, and the text that they are.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="Text">As it was sent, or what the tokens say.</param>
/// <param name="IsText">Whether it was sent as text; its tokens may begin with one that the text has not.</param>
sealed record RawPrompt(IReadOnlyList<int> Ids, string Text, bool IsText);

/// <summary>Prompts that are no conversations: a text, texts, tokens, lists of tokens. The names of control tokens mean these.</summary>
static class PromptFields
{
    const int MostTokens = 1 << 20;

    /// <summary>Reads them.</summary>
    /// <param name="fields">The request.</param>
    /// <param name="name">The field.</param>
    /// <param name="most">How many may be given.</param>
    /// <param name="encode">Text to ids.</param>
    /// <param name="decode">Ids to text.</param>
    public static IReadOnlyList<RawPrompt> Read(
        RequestFields fields, string name, int most, Func<string, IReadOnlyList<int>> encode, Func<IReadOnlyList<int>, string> decode)
    {
        var value = fields.Any(name) ?? throw fields.Missing(name, "a text, texts, tokens or lists of tokens");
        if (value.ValueKind == JsonValueKind.String) return [OfText(value.GetString()!)];
        if (value.ValueKind != JsonValueKind.Array) throw RequestFields.Wrong(fields.At(name), value, "a text or an array");
        if (value.GetArrayLength() == 0) throw ApiError.Wrong(fields.At(name), $"{fields.At(name)} is empty, expected a text at least");
        if (value[0].ValueKind == JsonValueKind.Number) return [OfIds(Ids(value, fields.At(name)))];
        return [.. fields.List(name, most)!.Select(item => item.Value.ValueKind switch
        {
            JsonValueKind.String => OfText(item.Value.GetString()!),
            JsonValueKind.Array => OfIds(Ids(item.Value, item.Path)),
            _ => throw RequestFields.Wrong(item.Path, item.Value, "a text or an array of tokens"),
        })];

        RawPrompt OfText(string text) => new(encode(text), text, IsText: true);
        RawPrompt OfIds(int[] ids) => new(ids, decode(ids), IsText: false);
    }

    /// <summary>The same, for those who go on from it.</summary>
    public static IReadOnlyList<RawPrompt> Read(RequestFields fields, string name, int most, HostedModel model) =>
        Read(fields, name, most, text => Prompts.Encode(model.Text.Tokenizer, text, parseSpecial: true), ids => Decode(model, ids));

    /// <summary>Tokens of an array.</summary>
    public static int[] Ids(JsonElement array, string path)
    {
        if (array.GetArrayLength() > MostTokens) throw ApiError.Wrong(path, $"{path} has more than {MostTokens} tokens");
        return [.. array.EnumerateArray().Select((id, i) => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var n) && n >= 0 ? n
            : throw RequestFields.Wrong($"{path}[{i}]", id, "a token: a whole number from 0"))];
    }

    /// <summary>What tokens say; those that there are not are told later, by their number.</summary>
    public static string Decode(HostedModel model, IReadOnlyList<int> ids)
    {
        var tokenizer = model.Text.Tokenizer;
        TokenOutOfModelException.ThrowIfAny(tokenizer, ids, Math.Min(model.Pretrained.Vocabulary, tokenizer.VocabularySize));
        return tokenizer.Decode(ids);
    }
}
