using System.Text.Json;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>How often a model that is being trained knows the last word of a passage.</summary>
static class LambadaMeasure
{
    const string Name = "lambada", FileName = "lambada.jsonl";

    /// <summary>What a recipe asks for: that, or nothing.</summary>
    /// <param name="call">Who trains.</param>
    /// <param name="recipe">Says which passages.</param>
    /// <param name="model">Who learns: passages that it cannot read are left out, and that is said.</param>
    public static Measure[] Of(CommandContext call, EvalRecipe recipe, Pretrained model)
    {
        if (recipe.Lambada is not { } wanted || wanted.GetValueKind() == JsonValueKind.False) return [];
        var file = Path.Combine(call.Terminal.Folder, wanted.GetValueKind() == JsonValueKind.String
            ? wanted.GetValue<string>() : Path.Combine(call.Settings.DataFolder, FileName));
        if (!Path.Exists(file)) throw new CliError(3022, file);
        var lines = new TextFile(call, file, "eval.lambada").Lines().Where(l => l.Trim().Length > 0);
        LambadaPassage[] passages =
            [.. lines.Take(recipe.LambadaPassages ?? int.MaxValue).Select(p => Lambada.Encoded(model.Tokenizer, p))];
        LambadaPassage[] readable = [.. passages.Where(p => p.IsReadBy(model.CausalLm))];
        if (readable.Length == 0) throw new CliError(1041, passages.Length, file);
        if (readable.Length < passages.Length)
            call.Warn([call.Say.Text("train.lambada.unreadable", passages.Length - readable.Length, passages.Length)]);
        return [new(Name, HigherIsBetter: true, (now, cancel) => Lambada.MeasureEncoded(new(now), readable, cancel: cancel).Accuracy)];
    }
}
