using Dayu.Hub;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What a new run reads: its sources, and the chat template that its conversations are written with.</summary>
static class RunTexts
{
    /// <summary>The sources, opened; texts are read.</summary>
    /// <param name="call">Who trains.</param>
    /// <param name="data">Names them.</param>
    /// <param name="origin">What the recipe has their names from.</param>
    public static TrainingSources Open(CommandContext call, DataRecipe data, string origin) =>
        TrainingSources.Of(data.Sources, s => Open(call, s, data.Kind, origin));

    static SourceContent Open(CommandContext call, SourceRecipe source, SourceKind kind, string origin)
    {
        var path = Path.Combine(call.Terminal.Folder, source.Path);
        InputFile.Check(path, origin);
        if (!SourceContent.IsFolder(path)) InputFile.CheckFile(path, origin);
        var isText = SourceRecipe.IsPlain(source.Path) && Packing.NameWithin(source.Path) == source.Path;
        return isText && !Directory.Exists(source.Path) && !SourceContent.IsIds(source.Path)
            ? SourceText.Of(source, kind, new TextFile(call, source.Path, origin).Raw()) : SourceContent.Open(source, kind);
    }

    /// <summary>Everything that may be written, for a tokenizer that has a token for each character.</summary>
    /// <param name="sources">What is learnt.</param>
    /// <param name="template">Of conversations; null: there are none.</param>
    public static IEnumerable<string> Written(TrainingSources sources, string? template) => sources.Contents.OfType<SourceText>()
        .SelectMany(s => s.Documents).Select(d => d.Text + (d.Line is null ? "" : template) + "\n");

    /// <summary>The template that the recipe names, or that of the model it starts as; null: there are no conversations.</summary>
    public static string? Template(CommandContext call, Recipe recipe)
    {
        if (recipe.Data.Template is { } named) return new TextFile(call, named, "data.template").Raw();
        if (recipe.Start == Recipe.Random || !recipe.Data.Sources.Any(s => (s.Kind ?? recipe.Data.Kind) != SourceKind.Text)) return null;
        using var checkpoint = Checkpoint.Open(recipe.Start);
        return TextParts.TemplateOf(checkpoint);
    }
}
