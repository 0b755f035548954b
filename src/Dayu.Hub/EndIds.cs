using System.Text.Json.Nodes;

namespace Dayu.Hub;

/// <summary>Ids after which an answer is over, as a file of the model names them: <c>eos_token_id</c>, one or a list of them.</summary>
/// <param name="said">What it names; what is no whole number from 0 is none.</param>
/// <param name="path">The file, for warnings.</param>
sealed class EndIds(JsonNode? said, string path)
{
    /// <summary>The key.</summary>
    public const string Key = "eos_token_id";

    readonly double[] ids = [.. Ids(said)];

    /// <summary>Those that are tokens.</summary>
    /// <param name="vocabulary">How many tokens there are.</param>
    public IEnumerable<int> Within(int vocabulary) => ids.Where(id => id < vocabulary).Select(id => (int)id);

    /// <summary>A sentence for each that is none and so is left out.</summary>
    /// <param name="vocabulary">How many tokens there are.</param>
    public IEnumerable<string> Warnings(int vocabulary) => ids.Where(id => id >= vocabulary).Select(id =>
        $"{path}: {Key}: no token has the id {id}; left out. The vocabulary has 0 to {vocabulary - 1}.");

    static IEnumerable<double> Ids(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Ids),
        not null when GenerationConfig.NumberOf(node) is { } id && id >= 0 && id == Math.Floor(id) => [id],
        _ => [],
    };
}
