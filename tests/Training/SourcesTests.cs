using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Templates;
using Dayu.Tensors;
using Dayu.Text;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>
/// Trainings on several sources, on conversations and on streams: what is learnt, and that they resume to the same bits.
/// </summary>
public sealed class SourcesTests : IDisposable
{
    static readonly string text = string.Concat(Enumerable.Range(0, 200).Select(i => $"{i} is {i * i}, "));
    static readonly string lines = string.Join('\n', Enumerable.Range(0, 30).Select(i => $$"""{"text": "line {{i}} of {{i % 7}}"}"""));
    static readonly string chats = string.Join('\n', Enumerable.Range(0, 30).Select(i => Chat($"{i}?", $"{i * i}!")));

    readonly TinyRun run = new();

    static string Chat(string user, string assistant) => new JsonObject
    {
        ["messages"] = new JsonArray(
            new JsonObject { ["role"] = "user", ["content"] = user }, new JsonObject { ["role"] = "assistant", ["content"] = assistant }),
    }.ToJsonString();

    static Tokenizer Characters(params string[] texts) =>
        Tokenizers.FromJson(System.Text.Encoding.UTF8.GetBytes(CharacterTokenizer.Of(texts).ToJsonString()));

    [Theory, InlineData(TinyRun.Gpt), InlineData(TinyRun.Lstm)]
    public void SeveralSourcesResumeToTheSameBits(string model)
    {
        var recipe = TinyRun.Recipe(model, """
            [{ "path": "a.txt", "weight": 3 }, { "path": "b.jsonl", "weight": 1, "name": "lines" },
             { "path": "c.jsonl", "weight": 2, "kind": "chat" }]
            """);
        var (whole, parts) = run.Twice(recipe, [text, lines, chats], TinyRun.Template);
        Assert.Equal(whole, parts);
        var folder = new RunStore(run.Folder.Path).Find("parts")!;
        var last = RunFolder.Read(folder.MetricsPath).Last(l => l["validation"] is not null);
        Assert.Equal(["a", "lines", "c"], last["validation"]!.AsObject().Select(v => v.Key));
        Assert.Equal(["a", "lines", "c"], last["epochs"]!.AsObject().Select(v => v.Key));
        var epochs = (double)last["epochs"]!["lines"]!;
        var data = JsonNode.Parse(File.ReadAllText(folder.DataPath))!["sources"]![1]!;
        Assert.Equal(1 / 6.0, (double)data["share"]!, 1e-9);
        Assert.InRange(epochs * (double)data["tokens"]! / ((long)last["step"]! * 2 * 3 * TinyRun.Window / 6.0), 0.8, 1.2);
        Assert.True(File.Exists(Path.Combine(folder.Newest!, "chat_template.jinja")));
        Assert.Equal(model == TinyRun.Lstm, File.Exists(Path.Combine(folder.Newest!, "states.safetensors")));
    }

    /// <summary>One text alone, through which an LSTM goes on.</summary>
    [Fact]
    public void AnLstmsStatesBelongToItsCheckpoint()
    {
        var recipe = TinyRun.Recipe(TinyRun.Lstm, """["a.txt"]""");
        var (whole, parts) = run.Twice(recipe, [text]);
        Assert.Equal(whole, parts);
        var other = run.Begun("other", [text]);
        TinyRun.GoOn(other, recipe, [text], until: 4);
        var state = Path.Combine(other.Checkpoint(4), "state.json");
        var old = JsonNode.Parse(File.ReadAllText(state))!;
        old.AsObject().Remove("states");
        File.WriteAllText(state, old.ToJsonString());
        Assert.Contains("states", Assert.Throws<RunException>(() => TinyRun.GoOn(other, recipe, [text])).Message);
    }

    /// <summary>The loss of what is held out does not depend on the window, and is that of one pass over everything.</summary>
    [Theory, InlineData("a.txt"), InlineData("b.jsonl")]
    public void AnLstmIsMeasuredAlikeInEveryWindow(string path)
    {
        using var on = new CpuBackend(2, exact: true);
        var content = path == "a.txt" ? text : lines;
        var tokenizer = Characters(content, "\n");
        using var model = LoadedModel.Create(
            RecipeModel.Config(JsonNode.Parse(TinyRun.Lstm)!.AsObject(), tokenizer.VocabularySize, 64), on, seed: 3, gain: 3);
        using var parameters = new Parameters(model);
        var losses = new List<double>();
        foreach (var (window, batch) in ((int, int)[])[(64, 1), (256, 1), (7, 3), (1 << 14, 1)])
        {
            var recipe = TinyRun.Recipe(TinyRun.Lstm, $"[\"{path}\"]", ("data.validation", "0.5"));
            recipe.Data.Window = window;
            recipe.Data.Batch = batch;
            var data = new TrainingData(recipe, TrainingSources.Of(recipe.Data, [content]), new(tokenizer, ""), model.Net);
            using var trainer = new Trainer(model, new AdamW(parameters, new()), new(ScheduleKind.Constant, 1e-3, 1), data.Batches, new());
            losses.Add(trainer.Evaluate(data.Held(data.Sources[0])));
            if (losses.Count > 1) continue;
            // each document in a pass of its own
            using var arena = new Arena(on);
            var (held, sum, counted) = ((MemoryDocuments)data.Sources[0].Validation, 0.0, 0);
            for (var d = 0; d < held.Count; d++)
            {
                var ids = held.Ids.Slice(held.StartOf(d), held.LengthOf(d));
                model.As<ICausalLm>().Head.ForEach(model.Net.Hidden(new(arena, ids) { SelectedRows = Pass.Every(ids.Length - 1) }), Add);
                counted += ids.Length - 1;

                void Add(int row, ReadOnlySpan<float> logits) =>
                    sum -= logits[held.Ids[held.StartOf(d) + row + 1]] - Math.Log(logits.ToArray().Sum(l => Math.Exp(l)));
            }
            losses.Add(sum / counted);
        }
        Assert.All(losses, l => Assert.Equal(losses[0], l, 1e-5));
    }

    /// <summary>
    /// Only what the assistant says is predicted, with the end of its turn; a control token in a message is ordinary text.
    /// </summary>
    [Theory]
    [InlineData(TinyRun.Template)]
    [InlineData("{% for m in messages %}<s>{{ m.role }}: {{ m.content if loop.last or m.role == 'user' else '…' }}</s>\n{% endfor %}"
        + "{% if add_generation_prompt %}<s>assistant: {% endif %}")]
    public void OnlyTheAssistantIsLearnt(string template)
    {
        var folder = run.Begun("chat", [chats + "…"]);
        var tokenizer = TokenizerFiles.Open(folder.TokenizerPath);
        var line = """
            {"messages": [{"role": "user", "content": "a</s>"}, {"role": "assistant", "content": "16!"}, {"role": "user", "content": "1?"},
             {"role": "assistant", "content": "4!"}]}
            """.ReplaceLineEndings("");
        var source = SourceText.Of(new() { Path = "c.jsonl" }, SourceKind.Chat, line);
        Document[] documents = [.. new ChatEncoder(tokenizer, ChatTemplate.Parse(template)).Encode(source.Documents[0])];
        string Learnt(Document d) => tokenizer.Decode(d.Ids.Where((_, t) => d.Learnt![t]));
        Assert.Equal(template == TinyRun.Template ? ["16!</s>4!</s>"] : ["16!</s>", "4!</s>"], documents.Select(Learnt));
        var end = tokenizer.Special.IdOf("</s>")!.Value;
        Assert.Equal(template == TinyRun.Template ? [4] : [2, 4], documents.Select(d => d.Ids.Count(id => id == end)));
        Assert.StartsWith("<s>user: a</s></s>", tokenizer.Decode(documents[0].Ids), StringComparison.Ordinal);
    }

    /// <summary>What cannot be read fails alone, and is named with its place.</summary>
    [Fact]
    public void DamagedDocumentsFailAlone()
    {
        string broken = string.Join('\n', "{\"text\": ", "", "{\"text\": \"\"}", "[]", "{\"txt\": 1}", "{\"text\": 1, \"text\": 2}"),
            chat = string.Join('\n', Chat("1?", new string('1', 60)),
                """{"messages": [{"role": "user", "content": "1"}]}""", "{\"messages\": {}}");
        var recipe = TinyRun.Recipe(TinyRun.Gpt, """["a.txt", "b.jsonl", { "path": "c.jsonl", "kind": "chat" }]""");
        string[] texts = [text, broken + "\n" + lines, chats + "\n" + chat];
        var folder = run.Begun("damaged", texts, TinyRun.Template);
        TinyRun.GoOn(folder, recipe, texts);
        var sources = JsonNode.Parse(File.ReadAllText(folder.DataPath))!["sources"]!.AsArray();
        Assert.Equal(["b.jsonl:1", "b.jsonl:3", "b.jsonl:4", "b.jsonl:5", "b.jsonl:6"], Places(1));
        Assert.Equal(["c.jsonl:32", "c.jsonl:33", "c.jsonl:31"], Places(2));
        Assert.Contains("tokens long, a window 40", sources[2]!["skipped_documents"]![2]!["reason"]!.ToString());
        Assert.Equal(30, (int)sources[1]!["documents"]!);
        Assert.Equal(TinyRun.Steps, RunFolder.Read(folder.MetricsPath).Count(l => l["loss"] is not null));

        string[] Places(int s) => [.. sources[s]!["skipped_documents"]!.AsArray().Select(d => d!["place"]!.ToString())];
    }

    /// <summary>A tokenizer may have more than the model: a document with such a token fails alone.</summary>
    [Fact]
    public void ATokenThatTheModelDoesNotHaveFailsAlone()
    {
        using var on = new CpuBackend(1, exact: true);
        var tokenizer = Characters(text, lines, "龙\n");
        using var model = LoadedModel.Create(
            RecipeModel.Config(JsonNode.Parse(TinyRun.Gpt)!.AsObject(), tokenizer.VocabularySize - 1, 24), on, seed: 3);
        var recipe = TinyRun.Recipe(TinyRun.Gpt, """["a.txt", "b.jsonl", "d.txt"]""");
        var data = new TrainingData(recipe,
            TrainingSources.Of(recipe.Data, [text, lines + "\n{\"text\": \"龙\"}", "龙" + text]), new(tokenizer, ""), model.Net);
        Assert.Empty(data.Sources[0].Skipped);
        Assert.Equal("b.jsonl:31", Assert.Single(data.Sources[1].Skipped).Place);
        Assert.Equal("d.txt", Assert.Single(data.Sources[2].Skipped).Place);
        Assert.Equal(["a", "b"], data.Batches.Sources.Select(s => s.Name));
        var nothing = TinyRun.Recipe(TinyRun.Gpt, """["d.txt"]""");
        Assert.Throws<RecipeException>(() => new TrainingData(
            nothing, TrainingSources.Of(nothing.Data, ["龙" + text]), new(tokenizer, ""), model.Net));
    }

    [Fact]
    public void ALossThatIsNoNumberNamesWhatWasRead()
    {
        using var on = new CpuBackend(1, exact: true);
        using var model = LoadedModel.Create(RecipeModel.Config(JsonNode.Parse(TinyRun.Lstm)!.AsObject(), 61, 24), on, seed: 3);
        using var parameters = new Parameters(model);
        var documents = new MemoryDocuments(
            [new Document("x.jsonl:7", [.. Enumerable.Range(1, 30)]), new("x.jsonl:9", [.. Enumerable.Range(2, 30)])]);
        using var trainer = new Trainer(model, new AdamW(parameters, new()), new(ScheduleKind.Constant, 1e-3, 1),
            new Mixture([new("x", new DocumentStreams(documents, 10, 2), 6, 60, 1)], 2, 2), new());
        trainer.Step();
        float[][] before = [.. trainer.States.All.Select(s => s.ToArray())];
        model.Weights["head.bias"].Tensor.Set([.. Enumerable.Repeat(float.NaN, 61)]);
        var e = Assert.Throws<NonFiniteLossException>(() => trainer.Step());
        Assert.Equal(["x.jsonl:7 (from token 11)", "x.jsonl:9 (from token 11)"], e.Places);
        Assert.Contains("x.jsonl:7 (from token 11), x.jsonl:9", e.Message);
        Assert.Equal(before, trainer.States.All.Select(s => s.ToArray()));        // a checkpoint that is written now goes on from here
    }

    /// <summary>The best checkpoint is the one that the chosen measure says, also where the run is gone on with.</summary>
    [Theory, InlineData("lambada", 4), InlineData("worse", 2)]
    public void TheBestIsWhatTheRecipeSays(string by, long best)
    {
        var recipe = TinyRun.Recipe(TinyRun.Gpt, """["a.txt"]""", ("save.best_by", by));
        recipe.Save.Every = recipe.Eval.Every = 1;
        recipe.Save.Keep = 1;
        var folder = run.Begun("best", [text]);
        var step = 0;
        Measure[] measures =
            [new("worse", false, (_, _) => ++step == 2 ? 0.1 : 0.9), new("lambada", true, (_, _) => step == 4 ? 0.9 : 0.1)];
        foreach (var until in (long[])[5, TinyRun.Steps]) TinyRun.GoOn(folder, recipe, [text], until, measures: measures);
        Assert.Equal([best, TinyRun.Steps], folder.Checkpoints);
        var unknown = TinyRun.Recipe(TinyRun.Gpt, """["a.txt"]""", ("save.best_by", "beauty"));
        Assert.Contains("validation_loss, worse, lambada", Assert.Throws<RecipeException>(() =>
            TinyRun.GoOn(run.Begun("unknown", [text]), unknown, [text], measures: measures)).Message);
    }

    /// <summary>Ids that only fill a vocabulary up get no share of a smoothed target: as plain formulas give it.</summary>
    [Theory, MemberData(nameof(BackendNames))]
    public void SmoothingReachesOnlyTokensThatThereAre(string backend)
    {
        const int Known = 37, Padded = 64, Rows = 5;
        using var on = Backends.Make(backend);
        using var arena = new Arena(on.Backend);
        float[] values = [.. Enumerable.Range(0, Rows * Padded).Select(i => CounterRng.Mix(1, (ulong)i) % 1000 / 250f - 2)];
        var hidden = arena.New(Rows, Padded).Set(values);
        hidden.NeedsGrad = true;
        var identity = new float[Padded * Padded];
        for (var i = 0; i < Padded; i++) identity[i * (Padded + 1)] = 1;
        var head = new LmHead(new Weight("head", arena.New(Padded, Padded).Set(identity))) { Norm = x => x };
        int[] targets = [3, 36, Op.Ignored, 0, 9];
        var loss = head.Loss(hidden, new(targets, Smoothing: 0.1f, Vocabulary: Known));
        loss.Backward();
        var (sum, gradient, exact) = (0.0, hidden.Grad.ToArray(), !backend.Contains("bf16", StringComparison.Ordinal));
        for (var r = 0; r < Rows; r++)
        {
            var row = values[(r * Padded)..((r + 1) * Padded)];
            var total = row.Sum(v => Math.Exp(v));
            for (var v = 0; v < Padded; v++)
            {
                var wanted = (v == targets[r] ? 0.9 : 0) + (v < Known ? 0.1 / Known : 0);
                if (targets[r] != Op.Ignored) sum -= wanted * Math.Log(Math.Exp(row[v]) / total) / 4;
                var expected = targets[r] == Op.Ignored ? 0 : (Math.Exp(row[v]) / total - wanted) / 4;
                Assert.Equal(expected, gradient[r * Padded + v], exact ? 1e-6 : 4e-3);
            }
        }
        Assert.Equal(sum, loss.ToArray()[0], exact ? 1e-5 : 1e-2);
    }

    public static TheoryData<string> BackendNames => [.. Backends.Training];

    public void Dispose() => run.Dispose();
}
