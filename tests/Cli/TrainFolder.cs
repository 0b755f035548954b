using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>A project with a text of numbers to learn from, and small trainings in it.</summary>
sealed class TrainFolder : IDisposable
{
    /// <summary>A model, windows and batches that take no time.</summary>
    public static string[] Small { get; } =
        ["--data", "text.txt", "--window", "16", "--batch", "2", "--set", "model.num_hidden_layers=1", "model.hidden_size=64"];

    readonly TempFolder folder = new();

    public TrainFolder()
    {
        File.WriteAllText(folder["dayu.json"], "{}");
        File.WriteAllText(folder["text.txt"], string.Concat(Enumerable.Range(0, 300).Select(i => $"{i % 10} and {i % 7}; ")));
    }

    public string Path => folder.Path;

    /// <summary>A path in it.</summary>
    public string this[string name] => folder[name];

    public Ran Run(params string[] args) => new Caller { Folder = Path }.Run(args);

    /// <summary>A small training, and what it is told besides.</summary>
    public Ran Train(params string[] more) => Run(["train", .. Small, .. more]);

    /// <summary>A training that goes well.</summary>
    public void Done(params string[] args)
    {
        var ran = Run(["train", .. args]);
        Assert.True(ran.Code == 0, ran.Error);
    }

    public byte[] Weights(string run, long step) => File.ReadAllBytes(this[$"runs/{run}/checkpoints/{step:D7}/model.safetensors"]);

    public JsonObject Json(string run, string file) => JsonNode.Parse(File.ReadAllText(this[$"runs/{run}/{file}"]))!.AsObject();

    public void Dispose() => folder.Dispose();
}
