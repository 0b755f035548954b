using System.Runtime.InteropServices;
using Dayu.Text;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>A corpus becomes shards: the same ids as one document after another gives, whatever happens on the way.</summary>
public sealed class TokenisingTests : IDisposable
{
    readonly MadeCorpus made = new();

    string Tokenizer()
    {
        var texts = new Utf8Texts();
        foreach (var word in (string[])["w1 w2 wa.", "wb wc wd w0 w9 W8 more."]) texts.Add(System.Text.Encoding.UTF8.GetBytes(word));
        var trained = TokenizerTrainer.Train([texts], new() { VocabularySize = 320 }, TimeProvider.System);
        File.WriteAllBytes(made["tokenizer.json"], trained.Json.ToArray());
        return made["tokenizer.json"];
    }

    static ushort[] Ids(string path) => [.. MemoryMarshal.Cast<byte, ushort>(File.ReadAllBytes(path))];

    [Fact]
    public void IdsAreThoseOfTheDocumentsInOrder()
    {
        made.Write(200);
        var corpus = made.Make("out");
        using var tokenising = new Tokenising(corpus, Tokenizer(), threads: 3);
        var reports = tokenising.Run(null, TestContext.Current.CancellationToken);
        var tokenizer = tokenising.Tokenizer;
        foreach (var source in corpus.Sources)
        {
            int[] Expected(bool held) => [.. corpus.Read(source).Where(d => d.IsHeld == held)
                .SelectMany(d => tokenizer.Encode(d.Text + "\n", false, false))];   // it has no end token
            Assert.Equal(Expected(false), Ids(made[$"out/shards/{source}/train-00000.bin"]).Select(i => (int)i));
            Assert.Equal(Expected(true), Ids(made[$"out/shards/{source}/held-00000.bin"]).Select(i => (int)i));
            var report = reports.Single(r => r.Source == source);
            Assert.Equal((Expected(false).Length, Expected(true).Length), ((int)report.Tokens, (int)report.Held));
            Assert.Equal(report.Tokens + report.Held, report.Languages.Values.Sum());
        }
    }

    [Fact]
    public void WhatIsThereStaysAndWhatIsMissingIsMade()
    {
        made.Write(120);
        var (corpus, tokenizer) = (made.Make("out"), Tokenizer());
        Run(corpus, tokenizer);
        var whole = made.Content("out");
        File.Delete(made["out/shards/two/shards.json"]);
        Assert.Equal([false, true], Run(corpus, tokenizer).Select(r => r.IsNew));
        Assert.Equal(whole, made.Content("out"));
        File.WriteAllText(made["other.json"], File.ReadAllText(tokenizer) + " ");
        Assert.Contains("is another tokenizer", Assert.Throws<InvalidDataException>(() => Run(corpus, made["other.json"])).Message,
            StringComparison.Ordinal);

        static IReadOnlyList<TokenReport> Run(PreparedCorpus corpus, string tokenizer)
        {
            using var tokenising = new Tokenising(corpus, tokenizer, 2);
            return tokenising.Run(null, default);
        }
    }

    [Fact]
    public void StoppedAnywhereItEndsInTheSameBytes()
    {
        made.Write(2_000);
        var (tokenizer, random, calls) = (Tokenizer(), new Random(5), 0);
        Run("whole", (_, _) => calls++, default);
        made.Make("cut");
        for (var stops = 0; ; stops++)
        {
            using var stop = new CancellationTokenSource();
            var left = stops < 8 ? random.Next(calls) : int.MaxValue;
            try { Run("cut", (_, _) => { if (left-- == 0) stop.Cancel(); }, stop.Token); }
            catch (OperationCanceledException) { continue; }
            break;
        }
        Assert.Equal(made.Content("whole"), made.Content("cut"));

        void Run(string folder, Action<long, long> progress, CancellationToken cancel)
        {
            using var tokenising = new Tokenising(made.Make(folder, null, cancel), tokenizer, 2) { SavedTokens = 5_000 };
            tokenising.Run(progress, cancel);
        }
    }

    public void Dispose() => made.Dispose();
}
