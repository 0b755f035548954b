using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>The small inputs that stand for faults people reported, and what a model makes of a few tokens.</summary>
static class ReportModels
{
    static readonly int[] ids = [.. Enumerable.Range(1, 40)];

    /// <summary>A path among the reports; skips the test where it is absent.</summary>
    public static string At(string path) => Fixtures.SharedOrSkip("fixtures", "reports", path);

    /// <summary>The model that most folders of the reports are, in plain words.</summary>
    public static string Plain => At("no-system-role/m");

    /// <summary>The logits behind every one of the tokens.</summary>
    public static float[] Logits(string path)
    {
        using var model = LoadedModel.Open(path, new ReferenceBackend());
        using var arena = new Arena(model.On);
        return model.As<ICausalLm>().Forward(new(arena, ids) { SelectedRows = Pass.Every(ids.Length) }).ToArray();
    }

    /// <summary>Opens a model and lets it go.</summary>
    public static void Open(string path) => LoadedModel.Open(path, new ReferenceBackend()).Dispose();
}
