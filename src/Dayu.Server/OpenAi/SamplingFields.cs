using System.Globalization;
using System.Text.Json;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Server;

/// <summary>How tokens are to be chosen, as requests say it; what they leave open, the model's own settings say.</summary>
static class SamplingFields
{
    const int MostStops = 16, MostBias = 1024;

    /// <summary>Reads the fields.</summary>
    /// <param name="fields">The request.</param>
    /// <param name="model">Who answers.</param>
    /// <param name="luck">A seed where none is given.</param>
    /// <param name="maxTokens">Tokens at most; null: as many as fit.</param>
    /// <param name="logProbs">Likeliest tokens that are told; null: none.</param>
    public static GenerationSettings Read(RequestFields fields, HostedModel model, ulong luck, int? maxTokens, int? logProbs)
    {
        var wanted = new GenerationOverrides
        {
            Temperature = fields.Number("temperature", 0, 100),
            TopP = fields.Number("top_p", 0, 1),
            TopK = fields.Integer("top_k", 0, int.MaxValue),
            MinP = fields.Number("min_p", 0, 1),
            Typical = fields.Number("typical_p", 0, 1),
            RepetitionPenalty = fields.Number("repetition_penalty", 0.01, 100),
            PresencePenalty = fields.Number("presence_penalty", -2, 2),
            FrequencyPenalty = fields.Number("frequency_penalty", -2, 2),
            LogitBias = Bias(fields, model.Pretrained),
            Seed = fields.Seed("seed") ?? luck,
            Stop = fields.Texts("stop", MostStops) ?? [],
            MaxTokens = maxTokens,
            LogProbs = logProbs,
        };
        return wanted.Over(model.Text.Sampler);
    }

    static Dictionary<int, float>? Bias(RequestFields fields, Pretrained model)
    {
        if (fields.Object("logit_bias") is not { } all) return null;
        var bias = new Dictionary<int, float>();
        foreach (var name in all.Names)
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id >= model.Vocabulary)
                throw ApiError.Wrong(all.At(name), $"{all.At(name)} names no token: expected an id, 0 to {model.Vocabulary - 1}");
            bias[id] = all.Number(name, -100, 100) ?? 0;
            if (bias.Count > MostBias) throw ApiError.Wrong(all.Path, $"{all.Path} names more than {MostBias} tokens");
        }
        return bias;
    }

    /// <summary>A choice of several, or the field of a feature, that is not there yet: it is refused and not left out silently.</summary>
    public static void Refuse(RequestFields fields, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (fields.Any(name) is { } v && !(v.ValueKind == JsonValueKind.Array && v.GetArrayLength() == 0))
                throw ApiError.Wrong(fields.At(name), $"{fields.At(name)} is not supported yet; leave it out", "unsupported");
    }
}
