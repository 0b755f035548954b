using Dayu.Cpu;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Small trainings, from start to end or in parts.</summary>
sealed class TinyRun : IDisposable
{
    public const int Steps = 10, Window = 40;

    public const string Gpt = """{ "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_layer": 1, "n_head": 2, "n_embd": 32 }""";

    public const string Lstm =
        """{ "model_type": "lstm", "embedding_size": 24, "hidden_size": 32, "num_layers": 2 }""";

    /// <summary>Begins what is said with who says it, and ends it with a token.</summary>
    public const string Template = "{% for m in messages %}<s>{{ m.role }}: {{ m.content }}</s>\n{% endfor %}"
        + "{% if add_generation_prompt %}<s>assistant: {% endif %}";

    public TempFolder Folder { get; } = new();

    /// <param name="model">What learns.</param>
    /// <param name="sources">From what, as JSON.</param>
    /// <param name="more">Values that win over those that all tiny runs have.</param>
    public static Recipe Recipe(string model, string sources, params (string Key, string Value)[] more)
    {
        var set = new Dictionary<string, string>
        {
            ["model"] = model, ["data.window"] = $"{Window}", ["data.batch"] = "3", ["data.accumulate"] = "2", ["data.sources"] = sources,
            ["schedule.steps"] = $"{Steps}", ["save.every"] = "4", ["eval.every"] = "5", ["schedule.rate"] = "0.01",
        };
        return RecipeFile.Read(null, set.Concat(more.Select(m => KeyValuePair.Create(m.Key, m.Value))));
    }

    public RunFolder Begun(string name, string[] texts, string? template = null)
    {
        var run = new RunStore(Folder.Path).Create(name, "run");
        var tokenizer = CharacterTokenizer.Of([.. texts, Template]);
        foreach (var token in (string[])["<s>", "</s>"])
            tokenizer["added_tokens"]!.AsArray().Add(new System.Text.Json.Nodes.JsonObject
            {
                ["id"] = tokenizer["model"]!["vocab"]!.AsObject().Count + tokenizer["added_tokens"]!.AsArray().Count - 1,
                ["content"] = token, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false,
                ["normalized"] = false, ["special"] = true,
            });
        File.WriteAllText(run.TokenizerPath, tokenizer.ToJsonString());
        if (template is not null) File.WriteAllText(run.TemplatePath, template);
        File.WriteAllText(run.RecipePath, "{}");
        return run;
    }

    /// <summary>Goes on until it has made so many steps.</summary>
    public static void GoOn(RunFolder run, Recipe recipe, string[] texts, long until = Steps, int threads = 1, RunEvents? tell = null,
        Measure[]? measures = null)
    {
        using var on = new CpuBackend(threads, exact: true);
        using var stop = new CancellationTokenSource();
        using var training = new TrainingRun(run, recipe, TrainingSources.Of(recipe.Data, texts), on, TimeProvider.System);
        training.Measures = measures ?? [];
        training.Run((tell ?? new()) with { Stepped = (r, _) => { if (until < Steps && r.Step >= until) stop.Cancel(); } }, stop.Token);
    }

    /// <summary>The bytes of the last checkpoint's weights, whole and in parts.</summary>
    public (byte[] Whole, byte[] Parts) Twice(Recipe recipe, string[] texts, string? template = null)
    {
        var (whole, parts) = (Begun("whole", texts, template), Begun("parts", texts, template));
        GoOn(whole, recipe, texts);
        foreach (var (until, threads) in (ValueTuple<long, int>[])[(1, 1), (3, 2), (6, 1), (Steps, 3)])
            GoOn(parts, recipe, texts, until, threads);
        return (Bytes(whole), Bytes(parts));

        static byte[] Bytes(RunFolder run) => Weights(run.Checkpoint(Steps));
    }

    /// <summary>The bytes of a checkpoint's weights, or of its pairs.</summary>
    public static byte[] Weights(string checkpoint)
    {
        var pairs = Path.Combine(checkpoint, "adapter_model.safetensors");
        return File.ReadAllBytes(File.Exists(pairs) ? pairs : Path.Combine(checkpoint, "model.safetensors"));
    }

    public void Dispose() => Folder.Dispose();
}
