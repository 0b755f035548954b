using Dayu.Hub;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What a new run reads: its texts, and the chat template that its conversations are written with.</summary>
static class RunTexts
{
    /// <summary>What the files of the sources hold.</summary>
    /// <param name="call">Who trains.</param>
    /// <param name="recipe">Names them.</param>
    /// <param name="origin">What the recipe has their names from.</param>
    public static string[] Read(CommandContext call, Recipe recipe, string origin) =>
        [.. recipe.Data.Sources.Select(s => new TextFile(call, s.Path, origin).Raw())];

    /// <summary>Everything that may be written, for a tokenizer that has a token for each character.</summary>
    /// <param name="recipe">Says what the texts are.</param>
    /// <param name="texts">What the files of the sources hold.</param>
    /// <param name="template">Of conversations; null: there are none.</param>
    public static IEnumerable<string> Written(Recipe recipe, string[] texts, string? template) =>
        recipe.Data.Sources.Zip(texts, (source, text) => SourceText.Of(source, recipe.Data.Kind, text))
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
