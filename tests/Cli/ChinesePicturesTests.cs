using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Dayu.Cli;
using Dayu.Models;
using Dayu.Reference;

namespace Dayu.Tests;

/// <summary>
/// A Chinese text through every command that draws, words of the picture in Chinese too: no character becomes a box,
/// whatever fonts the machine has.
/// </summary>
public sealed class ChinesePicturesTests : IDisposable
{
    const string Text = "大禹治水，因势利导。";

    readonly TempFolder folder = new();

    /// <summary>A small random BERT whose tokens are the text's characters.</summary>
    public ChinesePicturesTests()
    {
        string[] tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Text.Select(c => c.ToString())];
        var config = JsonNode.Parse($$"""
            { "architectures": ["BertModel"], "model_type": "bert", "vocab_size": {{tokens.Length}}, "hidden_size": 16,
              "hidden_act": "gelu", "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
              "max_position_embeddings": 64, "type_vocab_size": 2, "layer_norm_eps": 1e-12 }
            """)!.AsObject();
        using (var model = LoadedModel.Create(config, new ReferenceBackend(), seed: 7, train: false, gain: 5)) model.Save(folder["bert"]);
        File.WriteAllText(Path.Combine(folder["bert"], "vocab.txt"), string.Join('\n', tokens));
        File.WriteAllText(folder["dayu.json"], "{}");
        foreach (var name in (string[])["大禹", "治水"]) MadeRun.Write(folder["runs"], name, 40);
    }

    public static TheoryData<string> Commands =>
    [
        $"explain attention MODEL --text {Text}",
        $"explain attention MODEL --text {Text} --all",
        $"explain attention MODEL --text {Text} --query 禹 --key 水 --contrast 大禹治水。",
        "explain embeddings MODEL 大禹 治水 因势利导",
        "explain embeddings MODEL --near 大 --top 5",
        "explain scale bert",
        "runs show 大禹",
        "runs compare 大禹 治水",
    ];

    Ran Draw(string command, string file) => new Caller { Folder = folder.Path }.Run(
        [.. command.Split(' ').Select(w => w == "MODEL" ? folder["bert"] : w), "--lang", "zh", "--out", file]);

    [Theory, MemberData(nameof(Commands))]
    public void NoCharacterIsLeftToTheFontsOfOthers(string command)
    {
        foreach (var file in (string[])["a.svg", "a.html", "a.png"])
        {
            var ran = Draw(command, file);
            Assert.True(ran.Code == 0, ran.Error);
            Assert.DoesNotContain("DAYU_FONT", ran.Error, StringComparison.Ordinal);
        }
        var svg = XDocument.Load(folder["a.svg"]);
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName == "text" && HasHanzi(e.Value));
        Assert.Contains(svg.Descendants(), e => e.Attribute("aria-label") is { } said && HasHanzi(said.Value));
        Assert.Contains(File.ReadAllText(folder["a.svg"])[4..], File.ReadAllText(folder["a.html"]), StringComparison.Ordinal);
    }

    static bool HasHanzi(string text) => text.EnumerateRunes().Any(r => r.Value is >= 0x4E00 and < 0xA000);

    /// <summary>A new command that draws belongs into the list above.</summary>
    [Fact]
    public void EveryCommandThatDrawsIsTried()
    {
        string[] drawing = [.. Paths(Program.Contents, "").Where(c => c.Command.Variables.Contains("DAYU_FONT")).Select(c => c.Path)];
        Assert.NotEmpty(drawing);
        foreach (var path in drawing) Assert.Contains(Commands, c => c.Data.StartsWith(path[1..] + " ", StringComparison.Ordinal));
    }

    static IEnumerable<(string Path, CliCommand Command)> Paths(Entry[] entries, string above) => entries.SelectMany(e =>
        Paths(e.Commands, $"{above} {e.Name}").Concat(e.Make is { } make ? [($"{above} {e.Name}", make())] : []));

    public void Dispose() => folder.Dispose();
}
