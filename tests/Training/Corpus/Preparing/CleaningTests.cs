using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Files become a corpus: the same one whatever happens on the way.</summary>
public sealed class CleaningTests : IDisposable
{
    readonly MadeCorpus made = new();

    /// <summary>Against a loop over lists.</summary>
    [Fact]
    public void ItKeepsWhatALoopKeeps()
    {
        made.Write(400);
        var corpus = made.Make("out");
        var (exact, near, kept) = (new ExactDuplicates(), new NearDuplicates(new MinHash()), new List<string>());
        foreach (var input in made.Job("x").Inputs)
            foreach (var document in CorpusFile.Read(input.Path, new(), _ => { }))
                if (exact.Add(document.Text) && near.Add(document.Text) is null) kept.Add(document.Text);
        CleanedDocument[] all = [.. corpus.Sources.SelectMany(corpus.Read)];
        Assert.Equal(kept.Order(StringComparer.Ordinal), all.Select(d => d.Text).Order(StringComparer.Ordinal));
        Assert.Equal(["one", "two"], corpus.Sources);
        var (report, one) = (corpus.Report, corpus.Report.Sources[0]);
        Assert.Equal(200, one.Read.Documents);
        Assert.Equal(200 / 13, report.Drops.Single(d => d.Reason.StartsWith("it is no JSON", StringComparison.Ordinal)).Dropped.Documents);
        Assert.True(report.Drops.Single(d => d.Reason == "exact").Dropped.Documents > 10);
        Assert.True(report.Drops.Single(d => d.Reason == "near").Dropped.Documents > 10);
        Assert.Equal(all.Length, report.Sources.Sum(s => s.Kept.Documents));
        Assert.Equal(all.Count(d => d.IsHeld), report.Sources.Sum(s => s.Held.Documents));
        Assert.InRange(all.Count(d => d.IsHeld), 10, 60);
        Assert.Equal(400, report.Drops.Sum(d => d.Dropped.Documents) + all.Length);
    }

    /// <summary>A record that names other places, and files that are shorter than was saved, are refused; anew it is whole again.</summary>
    [Theory]
    [InlineData("\"source\": \"one\"", "\"source\": \"../one\""), InlineData("\"name\": \"text-", "\"name\": \"x/text-")]
    public void ARecordStaysInItsFolder(string from, string to)
    {
        made.Write(60);
        made.Make("out");
        var content = made.Content("out");
        var record = Path.Combine(made.Job("out").Folder, PreparedCorpus.Record);
        var text = File.ReadAllText(record);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(record, text.Replace(from, to, StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => PreparedCorpus.Open(made.Job("out").Folder));
        Assert.True(Assert.Throws<CorpusException>(() => new Cleaning(made.Job("out"))).IsOther);
        using (var cleaning = new Cleaning(made.Job("out"), anew: true)) cleaning.Run(null, default);
        Assert.Equal(content, made.Content("out"));
    }

    [Fact]
    public void ThreadsDoNotChangeIt()
    {
        made.Write(300);
        made.Make("a");
        using (var cleaning = new Cleaning(made.Job("b") with { Threads = 1 })) cleaning.Run(null, default);
        using (var cleaning = new Cleaning(made.Job("c") with { Threads = 5 })) cleaning.Run(null, default);
        Assert.Equal(made.Content("a"), made.Content("b"));
        Assert.Equal(made.Content("a"), made.Content("c"));
    }

    /// <summary>Stopped at random documents again and again; each time it goes on from what was saved.</summary>
    [Fact]
    public void StoppedAnywhereItEndsInTheSameBytes()
    {
        made.Write(Sizes.Of(700, 5_000));
        var (calls, random) = (0, new Random(3));
        made.Make("whole", (_, _) => calls++);
        for (var stops = 0; ; stops++)
        {
            using var stop = new CancellationTokenSource();
            var left = stops < Sizes.Of(12, 60) ? random.Next(calls) : int.MaxValue;
            try { made.Make("cut", (_, _) => { if (left-- == 0) stop.Cancel(); }, stop.Token); }
            catch (OperationCanceledException) { continue; }
            break;
        }
        Assert.Equal(made.Content("whole"), made.Content("cut"));
    }

    [Fact]
    public void ACorpusThatIsWholeIsLeftAsItIs()
    {
        made.Write(50);
        var first = made.Make("out");
        var time = File.GetLastWriteTimeUtc(made["out/prepare.json"]);
        var second = made.Make("out", (_, _) => Assert.Fail("nothing is to be read"));
        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.Equal(time, File.GetLastWriteTimeUtc(made["out/prepare.json"]));
    }

    [Fact]
    public void AnotherJobIsRefusedByNameOrBeginsAnew()
    {
        made.Write(60);
        made.Make("out");
        var job = made.Job("out") with { Options = made.Options with { Held = 0.5 } };
        var e = Assert.Throws<CorpusException>(() => new Cleaning(job));
        Assert.True(e.IsOther);
        Assert.Contains("options.held: 0.1, now 0.5", e.Message, StringComparison.Ordinal);
        using (var cleaning = new Cleaning(job, anew: true)) Assert.True(cleaning.Run(null, default).Report.Sources[0].Held.Documents > 5);
        File.AppendAllText(made["in/one.jsonl"], "\n{\"text\": \"one more\"}\n");
        var now = made.Job("out") with { Options = job.Options };
        Assert.Contains("inputs[0].bytes", Assert.Throws<CorpusException>(() => new Cleaning(now)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FoldersThatAreNotItsOwnAreRefused()
    {
        made.Write(20);
        Assert.Contains("lies in", Assert.Throws<CorpusException>(() => made.Make("in")).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(made["mine"]);
        File.WriteAllText(made["mine/letter.txt"], "Dear");
        Assert.Contains("other files", Assert.Throws<CorpusException>(() => made.Make("mine")).Message, StringComparison.Ordinal);
        using var first = new Cleaning(made.Job("out"));
        Assert.Contains("another process", Assert.Throws<CorpusException>(() => new Cleaning(made.Job("out"))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>By its content, so that neither order nor what else there is decides.</summary>
    [Fact]
    public void WhatIsHeldOutDoesNotDependOnTheOrder()
    {
        made.Write(300);
        var held = made.Make("a").Read("one").Where(d => d.IsHeld).Select(d => d.Text).ToHashSet();
        File.WriteAllLines(made["in/one.jsonl"], File.ReadAllLines(made["in/one.jsonl"]).Reverse());
        var again = made.Make("b").Read("one").Where(d => d.IsHeld).Select(d => d.Text).ToHashSet();
        Assert.True(held.Intersect(again).Count() >= held.Count - 3, "nearly alike: another of them is the first");
    }

    [Fact]
    public void EvaluationTextsAreFoundAndLeftOut()
    {
        made.Write(100);
        var secret = MadeCorpus.Text(new(77), 40);
        var leaked = MadeCorpus.Text(new(78), 40);
        File.WriteAllText(made["in/two/0007.txt"], $"Before. {secret} And behind.");
        File.WriteAllText(made["in/two/0008.txt"], $"Another text. {leaked} It ends.");
        File.WriteAllText(made["test.txt"], secret);
        File.WriteAllText(made["valid.json"], $$"""{"data": [{"question": "{{leaked}}"}]}""");
        var job = made.Job("out") with { Evaluations = [(made["test.txt"], true), (made["valid.json"], false)] };
        using var cleaning = new Cleaning(job);
        var corpus = cleaning.Run(null, default);
        var drop = corpus.Report.Drops.Single(d => d.Step == CleaningStep.Evaluation);
        Assert.Equal(("test.txt", 1), (drop.Reason, drop.Dropped.Documents));
        Assert.Equal("two/0007.txt".Split('/')[1], drop.Examples[0].Place);
        Assert.Equal(string.Join(' ', secret.TrimEnd('.').Split(' ').Take(13)), drop.Examples[0].Detail);
        Assert.Contains(corpus.Read("two"), d => d.Text.Contains(leaked, StringComparison.Ordinal));
        Assert.Equal([(1L, 28), (1L, 28)], corpus.Report.Evaluations.Select(e => (e.Documents, e.Found)));
    }

    public void Dispose() => made.Dispose();
}
