using System.Text;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What a run is given before it is trained.</summary>
/// <param name="Recipe">What is to be done.</param>
/// <param name="Sources">What is learnt, opened once for whoever plans, trains and trains again.</param>
/// <param name="Fork">A checkpoint that it goes on from with another recipe; null: none.</param>
/// <param name="Tokenizer"><c>characters</c>, or where it lies.</param>
sealed record NewRun(Recipe Recipe, TrainingSources Sources, string? Fork, string Tokenizer)
{
    /// <summary>The tokenizer and the chat template, as every checkpoint gets them.</summary>
    /// <exception cref="CliError">There is none.</exception>
    void WriteTexts(CommandContext call, RunFolder folder)
    {
        var template = RunTexts.Template(call, Recipe);
        var (path, json) = (Path.Combine(call.Terminal.Folder, Tokenizer), Path.Combine(folder.Path, "tokenizer.json"));
        if (Tokenizer == Recipe.Characters)
            File.WriteAllText(json, CharacterTokenizer.Of(RunTexts.Written(Sources, template)).ToJsonString());
        else if (path.EndsWith(".pkl", StringComparison.OrdinalIgnoreCase))
            File.WriteAllText(json, CharacterTokenizer.OfTokens(NanoGpt.Characters(path)).ToJsonString());
        else if (!Path.Exists(path)) throw new CliError(2074, path);
        else
            try { TokenizerFiles.Copy(path, folder.Path); }
            catch (Exception e) when (e is TokenizerNotFoundException or NotSupportedException) { throw new CliError(2074, path); }
        if (template is not null) File.WriteAllText(folder.TemplatePath, template);
    }

    /// <summary>Where it comes from, and the recipe, which comes last: with it there is a run.</summary>
    public void Write(CommandContext call, RunFolder folder)
    {
        WriteTexts(call, folder);
        var origin = new JsonObject
        {
            ["version"] = 1,
            ["program"] = App.Version,
            ["commit"] = App.Commit,
            ["machine"] = Processor.Name(),
            ["path"] = Device.Paths().Taken,
            ["begun"] = call.Terminal.Clock.GetUtcNow().ToString("O"),
        };
        if (Fork is not null) origin["forked_from"] = From(Fork);
        else if (Recipe.Start != Recipe.Random) origin["started_from"] = From(Recipe.Start);
        File.WriteAllText(folder.OriginPath, origin.ToJsonString() + "\n");
        WholeFile.Write(folder.RecipePath, Encoding.UTF8.GetBytes(RecipeFile.Text(Recipe)));
    }

    /// <summary>A path may be written over later; a hash says what lay there.</summary>
    static JsonObject From(string path)
    {
        var file = FileKinds.Meant(path);
        if (Directory.Exists(file)) file = Path.Combine(file, AdapterConfig.IsAlone(file) ? Adapter.File : "model.safetensors");
        var said = new JsonObject { ["path"] = path };
        if (!File.Exists(file)) return said;
        said["file"] = Path.GetFileName(file);
        said["sha256"] = FileHash.Of(file);
        return said;
    }
}
