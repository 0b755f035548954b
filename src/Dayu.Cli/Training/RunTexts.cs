using Dayu.Hub;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What a new run is given of text: its tokenizer, and the chat template that its conversations are written with.</summary>
static class RunTexts
{
    /// <summary>What the files of the sources hold.</summary>
    public static string[] Read(CommandContext call, Recipe recipe) =>
        [.. recipe.Data.Sources.Select(s => new TextFile(call, s.Path).Raw())];

    /// <summary>Writes them into the run's folder.</summary>
    /// <param name="call">Who trains.</param>
    /// <param name="folder">Where.</param>
    /// <param name="recipe">Says which.</param>
    /// <param name="texts">What the files of the sources hold.</param>
    public static void Write(CommandContext call, RunFolder folder, Recipe recipe, string[] texts)
    {
        var template = Template(call, recipe);
        if (template is not null) File.WriteAllText(folder.TemplatePath, template);
        if (recipe.TokenizerName == Recipe.Characters)
        {
            var read = recipe.Data.Sources.Zip(texts, (source, text) => SourceText.Of(source, recipe.Data.Kind, text));
            File.WriteAllText(folder.TokenizerPath, CharacterTokenizer.Of(
                read.SelectMany(s => s.Documents).Select(d => d.Text + (d.Line is null ? "" : template) + "\n")).ToJsonString());
            return;
        }
        var file = TokenizerFile(Path.Combine(call.Terminal.Folder, recipe.TokenizerName));
        File.Copy(file, folder.TokenizerPath);
        var config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, Path.GetFileName(folder.TokenizerConfigPath));
        if (Path.GetFileName(file) == Path.GetFileName(folder.TokenizerPath) && File.Exists(config))
            File.Copy(config, folder.TokenizerConfigPath);
    }

    static string? Template(CommandContext call, Recipe recipe)
    {
        if (recipe.Data.Template is { } named)
            return new TextFile(call, named).Raw();
        if (recipe.Start == Recipe.Random || !recipe.Data.Sources.Any(s => (s.Kind ?? recipe.Data.Kind) == SourceKind.Chat)) return null;
        using var checkpoint = Checkpoint.Open(recipe.Start);
        return TextParts.TemplateOf(checkpoint);
    }

    static string TokenizerFile(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "tokenizer.json") : path;
        return File.Exists(file) && file.EndsWith(".json", StringComparison.Ordinal) ? file : throw new CliError(2074, path);
    }
}
