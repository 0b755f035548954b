using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>How far cleaning is: what is needed to go on as if nothing had happened.</summary>
sealed record CleaningState
{
    /// <summary>The options and inputs it is for.</summary>
    public required JsonObject Made { get; init; }

    /// <summary>The file that is read next, by its number.</summary>
    public int Input { get; init; }

    /// <summary>The document of it that is.</summary>
    public long Document { get; init; }

    /// <summary>Documents that indices of duplicates hold.</summary>
    public long Exact { get; init; }

    /// <summary>See <see cref="Exact"/>.</summary>
    public long Near { get; init; }

    /// <summary>Bytes of the record of places.</summary>
    public long Places { get; init; }

    /// <summary>Files written so far.</summary>
    public IReadOnlyList<CleanedFile> Files { get; init; } = [];

    /// <summary>Counts so far.</summary>
    public required CleaningReport Report { get; init; }

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string path) => WholeFile.Write(path, Encoding.UTF8.GetBytes(new JsonObject
    {
        ["v"] = 1, ["made"] = Made.DeepClone(), ["input"] = Input, ["document"] = Document, ["exact"] = Exact, ["near"] = Near,
        ["places"] = Places, ["files"] = new JsonArray([.. Files.Select(f => (JsonNode)f.ToJson())]), ["report"] = Report.ToState(),
    }.ToJsonString()));

    /// <summary>Reads it; null: there is none.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static CleaningState? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var json = JsonNode.Parse(File.ReadAllBytes(path))!;
            return new()
            {
                Made = json["made"]!.AsObject(), Input = (int)json["input"]!, Document = (long)json["document"]!,
                Exact = (long)json["exact"]!, Near = (long)json["near"]!, Places = (long)json["places"]!,
                Files = [.. json["files"]!.AsArray().Select(CleanedFile.Of)], Report = CleaningReport.Of(json["report"]!),
            };
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or ArgumentException
            or FormatException)
        {
            throw new InvalidDataException($"{path} is damaged; prepare the corpus anew", e);
        }
    }
}
