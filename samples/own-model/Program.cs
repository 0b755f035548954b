using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;
using OwnModel;

// own-model TEXT FOLDER [STEPS]: trains the family of GatedConv.cs on a text, saves it as a model folder, opens that again and writes on
if (args is not [var file, var folder, ..])
{
    Console.Error.WriteLine("own-model TEXT FOLDER [STEPS]");
    return 2;
}
var steps = args.Length > 2 ? int.Parse(args[2]) : 500;
const int Window = 64, Batch = 12;
GatedConv.Register();

var text = File.ReadAllText(file);
Directory.CreateDirectory(folder);
var tokenizerFile = Path.Combine(folder, "tokenizer.json");
File.WriteAllText(tokenizerFile, CharacterTokenizer.Of((IEnumerable<string>)[text]).ToJsonString());
var tokenizer = TokenizerFiles.Open(tokenizerFile);
int[] all = [.. tokenizer.Encode(text, addSpecial: false)];
var split = all.Length * 9 / 10;                                     // the last tenth is held out

using var cpu = new CpuBackend(exact: true);
using (var model = LoadedModel.Create(new JsonObject
{
    ["architectures"] = new JsonArray("GatedConvForCausalLM"), ["vocab_size"] = tokenizer.VocabularySize, ["hidden_size"] = 128,
    ["num_layers"] = 5, ["max_positions"] = Window,
}, cpu, seed: 1))
{
    using var parameters = new Parameters(model);
    using var optimizer = new AdamW(parameters, new());
    var windows = new RandomWindows(all[..split], Window, Batch, seed: 1);
    var held = new RandomWindows(all[split..], Window, Batch, seed: 2);
    using var trainer = new Trainer(model, optimizer, new(ScheduleKind.Cosine, 2e-3, steps, Warmup: steps / 20), windows, new());
    for (var i = 0; i < steps; i++)
    {
        var report = trainer.Step();
        if (report.Step % 100 == 0 || report.Step == steps)
        {
            var loss = trainer.Evaluate(Enumerable.Range(0, 10).Select(n => held.At(n)));
            Console.WriteLine($"step {report.Step}  loss {report.Loss:F3}  held out {loss:F3}");
        }
    }
    model.Save(folder);
}

using var saved = LoadedModel.Open(folder, cpu);
using var arena = new Arena(cpu);
var ids = tokenizer.Encode(text[..16], addSpecial: false).ToList();
for (var i = 0; i < 80; i++)
{
    arena.Reset();
    int[] seen = [.. ids.TakeLast(Window)];                          // nothing is cached: what it sees is read anew for each token
    var logits = saved.As<ICausalLm>().Forward(new Pass(arena, seen)).ToArray();
    ids.Add(Array.IndexOf(logits, logits.Max()));
}
Console.WriteLine(tokenizer.Decode([.. ids]));
return 0;
