using System.Text.Json.Nodes;

namespace Dayu.Cli;

/// <summary>Lists as JSON.</summary>
static class JsonLists
{
    public static JsonArray ToJson(this IEnumerable<JsonNode> items) => new([.. items]);

    public static JsonArray ToJson(this IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    public static JsonArray ToJson(this IEnumerable<int> numbers) => new([.. numbers.Select(n => (JsonNode)n)]);

    public static JsonArray ToJson(this IEnumerable<long> numbers) => new([.. numbers.Select(n => (JsonNode)n)]);

    public static JsonArray ToJson(this IEnumerable<float> numbers) => new([.. numbers.Select(n => (JsonNode)n)]);

    public static JsonArray ToJson(this IEnumerable<double> numbers) => new([.. numbers.Select(n => (JsonNode)n)]);

    /// <summary>A list of lists, numbers rounded to a millionth.</summary>
    public static JsonArray ToJson(this double[,] matrix) =>
        Enumerable.Range(0, matrix.GetLength(0)).Select(i => matrix.Row(i).Select(Rounded).ToJson()).ToJson();

    /// <summary>A row of a matrix.</summary>
    public static IEnumerable<double> Row(this double[,] matrix, int row) =>
        Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column]);

    static double Rounded(double x) => Math.Round(x, 6);
}
