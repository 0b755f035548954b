using Dayu.Cpu;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Recipes with a teacher: in parts as a whole, its loss is not the held-out loss, and teachers that cannot teach.</summary>
public sealed class TaughtRunTests : IDisposable
{
    static readonly string[] texts = [string.Concat(Enumerable.Range(0, 400).Select(i => $"{i % 10} and {i % 7}; "))];

    readonly TinyRun tiny = new();
    int tries;                                                       // each needs a name

    string Teacher(string config)
    {
        var folder = tiny.Folder["teacher"];
        using var on = new CpuBackend(1, exact: true);
        using var model = LoadedModel.Create(System.Text.Json.Nodes.JsonNode.Parse(config)!.AsObject(), on, seed: 9, train: false);
        model.Save(folder);
        File.Copy(tiny.Begun($"of-teacher-{tries++}", texts).TokenizerPath, Path.Combine(folder, "tokenizer.json"), overwrite: true);
        return folder;
    }

    static string Config(int vocabulary) => $$"""
        { "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_layer": 1, "n_head": 2, "n_embd": 48, "n_positions": 64,
          "vocab_size": {{vocabulary}} }
        """;

    static Recipe Recipe(string teacher) => TinyRun.Recipe(TinyRun.Gpt, "[\"text.txt\"]",
        ("teacher", $$"""{ "model": "{{teacher}}", "share": 0.5, "temperature": 2 }"""));

    int Vocabulary => Dayu.Hub.TokenizerFiles.Open(tiny.Begun($"tokens-{tries++}", texts).TokenizerPath).VocabularySize;

    [Fact]
    public void InPartsItIsTheSameToTheBit()
    {
        var recipe = Recipe(Teacher(Config(Vocabulary)));
        var (whole, parts) = tiny.Twice(recipe, texts);
        Assert.Equal(whole, parts);
        var alone = tiny.Begun("alone", texts);
        TinyRun.GoOn(alone, recipe with { Teacher = null }, texts);
        Assert.NotEqual(whole, TinyRun.Weights(alone.Newest!));
    }

    /// <summary>At a rate of 0 model and held-out loss are those of a run without a teacher.</summary>
    [Fact]
    public void HeldOutLossIsMeasuredWithoutIt()
    {
        var (recipe, losses) = (Recipe(Teacher(Config(Vocabulary))), new List<double>());
        recipe = recipe with { Schedule = recipe.Schedule with { Rate = 0 } };
        foreach (var (name, own) in (ValueTuple<string, Recipe>[])[("taught", recipe), ("alone", recipe with { Teacher = null })])
            TinyRun.GoOn(tiny.Begun(name, texts), own, texts, tell: new() { Evaluated = e => losses.Add(e.Loss!.Value) });
        Assert.Equal(losses[..(losses.Count / 2)], losses[(losses.Count / 2)..]);
    }

    [Fact]
    public void TeachersThatCannotTeachAreNamed()
    {
        Refused(Config(Vocabulary + 3), $"predicts {Vocabulary + 3} tokens");
        Refused(TinyRun.Lstm.Replace("\"lstm\"", $"\"lstm\", \"vocab_size\": {Vocabulary}", StringComparison.Ordinal), "is recurrent");
        Refused(Config(Vocabulary).Replace("\"n_positions\": 64", "\"n_positions\": 8", StringComparison.Ordinal), "data.window is 40");
        var other = Teacher(Config(Vocabulary));
        var file = Path.Combine(other, "tokenizer.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\";\"", "\"~\"", StringComparison.Ordinal));
        Throws.Saying<RecipeException>("another tokenizer", () => Train(other));

        void Refused(string config, string said) => Throws.Saying<RecipeException>(said, () => Train(Teacher(config)));
        void Train(string teacher) => TinyRun.GoOn(tiny.Begun($"refused-{tries++}", texts), Recipe(teacher), texts);
    }

    public void Dispose() => tiny.Dispose();
}
