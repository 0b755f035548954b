using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Checkpoints in the form of nanoGPT's, written by PyTorch together with the logits it computed (fixtures/pytorch).</summary>
public sealed class NanoGptTests : IDisposable
{
    static readonly string fixtures = Path.Combine(Fixtures.Repo, "tests", "fixtures", "pytorch");

    readonly TempFolder folder = new();

    public static TheoryData<string> Files => [.. Golden.Select(g => (string)g!["file"]!)];

    static JsonArray Golden => JsonNode.Parse(File.ReadAllText(Path.Combine(fixtures, "nanogpt.json")))!.AsArray();

    static JsonObject Of(string file) => Golden.Single(g => (string)g!["file"]! == file)!.AsObject();

    static void LogitsAreThoseOf(JsonObject golden, LoadedModel model)
    {
        using var arena = new Arena(model.On);
        int[] ids = [.. golden["ids"]!.AsArray().Select(i => (int)i!)];
        var logits = model.As<ICausalLm>().Forward(new Pass(arena, ids) { SelectedRows = Pass.Every(ids.Length) }).ToArray();
        float[] expected = [.. golden["logits"]!.AsArray().SelectMany(r => r!.AsArray()).Select(v => (float)v!)];
        Assert.Equal(expected.Length, logits.Length);
        for (var i = 0; i < logits.Length; i++) Assert.Equal(expected[i], logits[i], 1e-5f);
    }

    [Theory, MemberData(nameof(Files))]
    public void ItsLogitsAreThoseOfPyTorch(string file)
    {
        using var on = new CpuBackend(1, exact: true);
        using var model = LoadedModel.Open(Path.Combine(fixtures, file), on);
        Assert.Equal("gpt2", model.Family.Name);
        LogitsAreThoseOf(Of(file), model);
    }

    /// <summary>What it is trained to lies in a folder like any other's: other names, other order, the same model.</summary>
    [Theory, MemberData(nameof(Files))]
    public void SavedItIsTheSameModel(string file)
    {
        using var on = new CpuBackend(1, exact: true);
        using (var model = LoadedModel.Open(Path.Combine(fixtures, file), on, train: true)) model.Save(folder["saved"]);
        using var saved = LoadedModel.Open(folder["saved"], on);
        LogitsAreThoseOf(Of(file), saved);
    }

    [Fact]
    public void TheFolderOfARunIsItsCheckpoint()
    {
        File.Copy(Path.Combine(fixtures, "nanogpt.pt"), folder["ckpt.pt"]);
        using var checkpoint = Checkpoint.Open(folder.Path);
        string[] keys = ["n_layer", "n_positions", "vocab_size"];
        Assert.Equal([2, 8, 11], keys.Select(k => (int)checkpoint.Config[k]!));
    }

    [Fact]
    public void ItsCharactersAreRead()
    {
        Assert.Equal("\n !abcdefgé", string.Concat(NanoGpt.Characters(Path.Combine(fixtures, "nanogpt-meta.pkl"))));
        Assert.ThrowsAny<Exception>(() => NanoGpt.Characters(Path.Combine(fixtures, "nanogpt.pt")));
        var cut = File.ReadAllBytes(Path.Combine(fixtures, "nanogpt-meta.pkl"))[..^20];
        File.WriteAllBytes(folder["cut.pkl"], cut);
        Assert.Throws<InvalidDataException>(() => NanoGpt.Characters(folder["cut.pkl"]));
    }

    public void Dispose() => folder.Dispose();
}
