using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// What heads look at: on a model that reads from left to right, and on one that reads in both directions.
/// </summary>
public sealed class ExplainAttentionTests
{
    const string Sentence = "The animal didn't cross the street because it was too tired";

    static string Encoder => Fixtures.SharedOrSkip("models", "minilm");

    static Ran Ask(string model, params string[] options) => Caller.Do(["explain", "attention", model, "--text", Sentence, .. options]);

    /// <summary>
    /// The head in which one token looks most at one compared with another and with what other tokens do, found without the
    /// program: its own pass, its own loop over the probe's numbers.
    /// </summary>
    static (int Layer, int Head, double Key, double Others, double Against) Independently(
        string path, string query, string key, string against)
    {
        using var on = Backends.Make("reference");
        using var checkpoint = Checkpoint.Open(path);
        using var model = LoadedModel.Load(checkpoint, on.Backend);
        using var arena = new Arena(on.Backend);
        var tokenizer = TokenizerFiles.Of(checkpoint);
        int[] ids = [.. tokenizer.Encode(Sentence)];
        var (probe, best, most) = (new Probe(), (Layer: -1, Head: -1, Key: 0.0, Others: 0.0, Against: 0.0), double.NegativeInfinity);
        var pass = new Pass(arena, ids) { Probe = probe };
        _ = model.Net is IEncoder encoder ? encoder.Hidden(pass) : model.As<ICausalLm>().Forward(pass);
        var (q, k, a) = (At(query), At(key), At(against));
        int[] others = [.. Enumerable.Range(0, ids.Length).Where(p => p != q && p != k && !tokenizer.Special.IsControl(ids[p]))];
        if (model.Net is ICausalLm) others = [.. others.Where(p => p > k)];
        for (var l = 0; l < probe.Attention.Count; l++)
            for (var h = 0; h < probe.Attention[l].Heads; h++)
            {
                var w = probe.Attention[l];
                var (seen, other) = (w.Values[(h * w.Queries + q) * w.Keys + k], w.Values[(h * w.Queries + q) * w.Keys + a]);
                var head = h;
                var mean = others.Average(p => w.Values[(head * w.Queries + p) * w.Keys + k]);
                if (seen - Math.Max(mean, other) <= most) continue;
                (best, most) = ((l, h, seen, mean, other), seen - Math.Max(mean, other));
            }
        return best;

        int At(string word) => Array.FindIndex(ids, i => tokenizer.TokenText(i).Trim() == word);
    }

    static void SameHead(string path)
    {
        var (layer, head, key, others, against) = Independently(path, "it", "animal", "street");
        var found = Ask(path, "--query", "it", "--key", "animal", "--against", "street", "--precision", "exact", "--json").Json["score"]!;
        Assert.Equal((layer, head), ((int)found["layer"]!, (int)found["head"]!));
        Assert.Equal(key, (double)found["key"]!, 1e-3);
        Assert.Equal(against, (double)found["against"]!, 1e-3);
        Assert.Equal(others, (double)found["others"]!, 1e-3);
        Assert.Equal(key - Math.Max(others, against), (double)found["score"]!, 1e-3);
    }

    [Fact]
    public void TheBestHeadOfAModelThatReadsFromLeftToRight() => SameHead(TestModels.Chat);

    /// <summary>The famous picture: some head of this encoder resolves the pronoun.</summary>
    [Fact]
    public void TheBestHeadOfAnEncoder()
    {
        SameHead(Encoder);
        var ran = Ask(Encoder, "--query", "it", "--key", "animal", "--against", "street", "--json");
        Assert.InRange((double)ran.Json["score"]!["key"]!, 0.6, 1);
        Assert.InRange((double)ran.Json["score"]!["against"]!, 0, 0.1);
        Assert.False((bool)ran.Json["causal"]!);
        Assert.Equal("", ran.Error);
    }

    /// <summary>
    /// A head that shows something: in it "it" looks at "animal" where the animal is tired, less where the street is wide, and
    /// other words hardly ever look there. Values by Transformers, layer 3 head 1: 0.64, 0.27, 0.09.
    /// </summary>
    [Fact]
    public void TwoSentencesChooseAHeadThatTellsThemApart()
    {
        using var folder = new TempFolder();
        var wide = Sentence.Replace("tired", "wide", StringComparison.Ordinal);
        string[] how = ["--query", "it", "--key", "animal", "--against", "street", "--contrast", wide];
        var json = Ask(Encoder, [.. how, "--precision", "exact", "--json"]).Json;
        var score = json["score"]!;
        Assert.Equal((3, 1), ((int)score["layer"]!, (int)score["head"]!));
        Assert.Equal(0.64, (double)score["key"]!, 0.01);
        Assert.Equal(0.27, (double)score["contrast"]!, 0.01);
        Assert.Equal(0.09, (double)score["others"]!, 0.01);
        var place = (int)json["contrast"]!["query"]!["first"]!;
        var row = json["contrast"]!["weights"]!.AsArray()[place]!.AsArray();
        Assert.Equal((double)score["contrast"]!, (double)row[(int)json["contrast"]!["key"]!["first"]!]!, 1e-4);
        Assert.Equal(0, Ask(Encoder, [.. how, "--out", folder["two.svg"]]).Code);
        string[] texts = [.. XDocument.Load(folder["two.svg"]).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];
        Assert.Contains(Sentence, texts);
        Assert.Contains(wide, texts);
        Assert.Equal(2, Ask(Encoder, "--query", "it", "--contrast", wide).Code);
        Assert.Equal(2, Ask(Encoder, "--query", "it", "--key", "animal", "--contrast", "no such words").Code);
    }

    [Fact]
    public void ATextOfUnknownTokensIsRefused()
    {
        foreach (var text in (string[])["蠃螊蠮", "那只动物太累了"])
        {
            var ran = Caller.Do("explain", "attention", Encoder, "--text", text, "--json");
            Assert.Equal((2, ""), (ran.Code, ran.Out));
            ran.Warns("DAYU-2048");
        }
        var some = Caller.Do("explain", "attention", Encoder, "--text", "the wasp is a 蠃 and it flies", "--json");
        Assert.Equal(0, some.Code);
        Assert.Contains("unknown token", some.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEncoderSeesLaterWords()
    {
        var ran = Ask(Encoder, "--query", "it", "--key", "tired", "--json");
        Assert.True((double)ran.Json["score"]!["key"]! > 0.05);
        Assert.Empty(ran.Json["unseen"]!.AsArray());
    }

    [Theory]
    [InlineData("en", "cannot see 'tired'"), InlineData("zh", "“it”看不到“tired”")]
    public void LaterWordsAreMaskedAndItIsSaidWhy(string language, string says)
    {
        var ran = Ask(TestModels.Chat, "--query", "it", "--key", "tired", "--lang", language, "--json");
        Assert.Equal(0, ran.Code);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
        Assert.Equal("[\"tired\"]", ran.Json["unseen"]!.ToJsonString());
        Assert.Null(ran.Json["score"]);
        var (rows, it) = (Weights(ran.Json), (int)ran.Json["query"]!["first"]!);
        Assert.All(rows[it][(it + 1)..], w => Assert.Equal(0, w));
    }

    static double[][] Weights(JsonObject json) =>
        [.. json["weights"]!.AsArray().Select(r => r!.AsArray().Select(w => (double)w!).ToArray())];

    [Fact]
    public void RowsSumToOne()
    {
        foreach (var options in (string[][])[[], ["--layer", "3"], ["--layer", "3", "--head", "1"], ["--query", "it"]])
        {
            var rows = Weights(Ask(TestModels.Stories, [.. options, "--json"]).Json);
            Assert.All(rows, r => Assert.Equal(1, r.Sum(), 1e-4));
            Assert.All(rows, r => Assert.Equal(rows.Length, r.Length));
        }
    }

    [Fact]
    public void WordsOfSeveralTokensAreOne()
    {
        var json = Ask(TestModels.Stories, "--query", "tired", "--key", "animal", "--json").Json;
        Assert.True((int)json["key"]!["count"]! > 1);                // 512 tokens have no such word
        var looks = Weights(json).Take(Place(json["query"]!)).Select(row => row.Take(Place(json["key"]!)).Sum());
        Assert.Equal(looks.Average(), (double)json["score"]!["key"]!, 1e-4);

        static Range Place(JsonNode word) => (int)word["first"]!..((int)word["first"]! + (int)word["count"]!);
    }

    [Fact]
    public void CharactersOfSeveralTokensAreOnePiece()
    {
        const string text = "那只动物没有过马路，因为它太累了";
        var json = Caller.Do("explain", "attention", TestModels.Chat, "--text", text, "--query", "它", "--key", "动物", "--json").Json;
        Assert.Equal(text, string.Concat(json["pieces"]!.AsArray().Select(p => (string)p!["text"]!)));
        Assert.DoesNotContain("\uFFFD", json.ToJsonString(), StringComparison.Ordinal);
        Assert.True((int)json["key"]!["count"]! == 2 && json["pieces"]!.AsArray().Any(p => p!["ids"]!.AsArray().Count > 1));
    }

    [Fact]
    public void EveryHeadIsListed()
    {
        var table = Ask(TestModels.Stories, "--all", "--format", "csv").Out.TrimEnd().Split('\n');
        Assert.Equal(1 + 5 * 8, table.Length);
        string[] question = ["--query", "tired", "--key", "animal", "--against", "street"];
        var ranked = Ask(TestModels.Stories, ["--all", .. question, "--json"]).Json["ranked"]!.AsArray();
        Assert.Equal(40, ranked.Count);
        Assert.Equal(ranked.Select(r => (double)r!["score"]!).OrderDescending(), ranked.Select(r => (double)r!["score"]!));
    }

    [Fact]
    public void PicturesHoldTheNumbers()
    {
        using var folder = new TempFolder();
        var score = (double)Ask(TestModels.Stories, "--query", "tired", "--key", "animal", "--json").Json["score"]!["key"]!;
        foreach (var all in (string[][])[[], ["--all"]])
        {
            var ran = Ask(TestModels.Stories, ["--query", "tired", "--key", "animal", "--out", folder["a.svg"], "--yes", .. all]);
            Assert.True(ran.Code == 0, ran.Error);
            Assert.Contains(folder["a.svg"], ran.Error, StringComparison.Ordinal);
            var svg = XDocument.Load(folder["a.svg"]);
            string[] texts = [.. svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];
            Assert.Contains(texts, t => t.Contains(score.ToString("F2", CultureInfo.InvariantCulture), StringComparison.Ordinal));
            Assert.Contains(Sentence, texts);
            Assert.Equal(["title", "desc"], svg.Root!.Elements().Take(2).Select(e => e.Name.LocalName));
        }
        Ask(TestModels.Stories, "--layer", "2", "--head", "3", "--out", folder["b.svg"]);
        double[] says = [.. XDocument.Load(folder["b.svg"]).Descendants().Where(IsTitleOfBox).Select(Number)];
        var rows = Weights(Ask(TestModels.Stories, "--layer", "2", "--head", "3", "--json").Json);
        double[] weights = [.. rows.SelectMany((row, q) => row.Take(q + 1))];
        Assert.Equal(weights.Length, says.Length);
        for (var i = 0; i < weights.Length; i++) Assert.Equal(weights[i], says[i], 0.0006);

        static bool IsTitleOfBox(XElement e) => e.Name.LocalName == "title" && e.Parent!.Name.LocalName == "rect";

        static double Number(XElement e) => double.Parse(e.Value.Split(' ')[^1], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void EveryFormOfFile()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["tiny.ttf"], TinyFont.File);
        var caller = new Caller { Folder = folder.Path, Environment = { ["DAYU_FONT"] = "tiny.ttf" } };
        foreach (var form in (string[])["svg", "png", "html", "csv", "json"])
        {
            var ran = Draw($"a.{form}");
            Assert.True(ran.Code == 0 && ran.Out.Length > 0, ran.Error);
            Assert.Equal(2, Draw($"a.{form}").Code);                 // it is there already
        }
        var png = new PngFile(File.ReadAllBytes(folder["a.png"]));
        Assert.True(png is { Width: > 1000, Height: > 1000, Colors: > 50 });
        Assert.True(png.Count(0xE8, 0xEB, 0xEF) > 100_000);          // what is masked
        Assert.Equal(5, JsonNode.Parse(File.ReadAllText(folder["a.json"]))!["heads"]!.AsArray().Count / 8);
        Assert.StartsWith("QUERY POSITION,QUERY,KEY POSITION,KEY,WEIGHT\n", File.ReadAllText(folder["a.csv"]), StringComparison.Ordinal);
        var page = File.ReadAllText(folder["a.html"]);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Replace("http://www.w3.org/2000/svg", ""), StringComparison.Ordinal);   // nothing is fetched

        Ran Draw(string file) => caller.Run("explain", "attention", TestModels.Stories, "--text", Sentence, "--out", file);
    }

    [Theory]
    [InlineData("nosuch.ttf", 3), InlineData("bad.ttf", 7), InlineData(".", 3)]
    public void AFontThatIsNamedMustBeOne(string font, int code)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["bad.ttf"], "Once upon a time");
        var caller = new Caller { Folder = folder.Path, Environment = { ["DAYU_FONT"] = font } };
        var ran = Draw("a.png");
        Assert.Equal((code, "", false), (ran.Code, ran.Out, File.Exists(folder["a.png"])));
        ran.Warns("DAYU_FONT");
        Assert.Equal(0, Draw("a.svg").Code);                         // which needs none

        Ran Draw(string file) => caller.Run("explain", "attention", TestModels.Stories, "--text", "hi there", "--out", file);
    }

    [Fact]
    public void PipesStayCleanAndColoursComeWhenAsked()
    {
        Assert.DoesNotContain('\e', Ask(TestModels.Stories).Out);
        Assert.Contains("\e[48;2;", Ask(TestModels.Stories, "--color", "always").Out, StringComparison.Ordinal);
        Assert.DoesNotMatch("[░▒▓█]", Ask(TestModels.Stories, "--plain").Out + Ask(TestModels.Stories, "--plain", "--query", "it").Out);
    }

    [Theory]
    [InlineData(2, "--query xylophone"), InlineData(2, "--key animal"),
     InlineData(2, "--query it --against animal"), InlineData(2, "--layer 99"), InlineData(2, "--layer -1"),
     InlineData(2, "--head 8"), InlineData(2, "--query it#2"), InlineData(2, "--out a.pdf"),
     InlineData(2, "--out a"), InlineData(2, "--top 0"), InlineData(2, "--query it --head x")]
    public void WrongQuestions(int code, string options)
    {
        var ran = Ask(TestModels.Stories, options.Split(' '));
        Assert.Equal((code, ""), (ran.Code, ran.Out));
    }

    [Fact]
    public void LongTextsAreRefusedNotCut()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 300));
        Caller.Do("explain", "attention", TestModels.Stories, "--text", text).Warns("DAYU-2046");
    }
}
