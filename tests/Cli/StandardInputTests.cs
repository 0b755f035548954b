using System.Text;
using Dayu.Cli;

namespace Dayu.Tests;

/// <summary>When standard input is read, and what of it is refused.</summary>
public sealed class StandardInputTests
{
    static readonly string[] greedy = ["--temperature", "0", "-n", "1", "--json"];

    static int Tokens(string input, params string[] words)
    {
        var ran = new Caller { Input = input }.Run(["run", TestModels.Stories, .. words, .. greedy]);
        Assert.True(ran.Code == 0, ran.Error);
        return ran.Json["prompt_ids"]!.AsArray().Count;
    }

    [Fact]
    public void APromptIsEnoughUnlessItAsksForMore()
    {
        Assert.Equal(Tokens("", "Once"), Tokens(" upon a time", "Once"));
        Assert.Equal(Tokens("", "Once\n\nupon a time"), Tokens("upon a time\n", "Once", "-"));
        Assert.Equal(Tokens("", "upon a time\n\nOnce"), Tokens("upon a time\n", "-", "Once"));
        Assert.Equal(Tokens("", "upon a time"), Tokens("upon a time", "-"));
        Assert.Equal(Tokens("", "upon a time"), Tokens("upon a time"));
    }

    [Fact]
    public void ADashStandsForItWhereverTextIsTaken()
    {
        using var folder = new TempFolder();
        const string text = "Once upon a time there was a girl\nShe went to the park\n";
        File.WriteAllText(folder["t.txt"], text);
        foreach (var line in (string[])["eval perplexity {0} --data", "eval lambada {0} --data", "run {0} -n 1 --temperature 0 --prompts",
            "embed {0} --format csv --data", "tokenizer compare {0} --format csv --fields name,tokens --data"])
        {
            string[] words = [.. line.Split(' ').Select(w => w == "{0}" ? TestModels.Stories : w)];
            var (file, piped) = (Caller.Do([.. words, folder["t.txt"]]), new Caller { Input = text }.Run([.. words, "-"]));
            Assert.True(piped.Code == 0, line + piped.Error);
            Assert.Equal(file.Out, piped.Out);
        }
        Assert.Equal(Caller.Do("tokenizer", "encode", "Once", "-m", TestModels.Stories).Out,
            new Caller { Input = "Once" }.Run("tokenizer", "encode", "-", "-m", TestModels.Stories).Out);
    }

    [Fact]
    public void AFileOfToolsIsReadThoughNoTemplateAsksForIt()
    {
        Assert.Equal(3, Caller.Do("run", TestModels.Stories, "Once", "-n", "1", "--tools", "nosuch.json").Code);
        Assert.Equal(7, new Caller { Input = "{}" }.Run("run", TestModels.Stories, "Once", "-n", "1", "--tools", "-").Code);
        Assert.Equal(0, new Caller { Input = "[]" }.Run("run", TestModels.Stories, "Once", "-n", "1", "--tools", "-").Code);
    }

    static StandardInput Of(params byte[] bytes) => new(new MemoryStream(bytes), isTty: false);

    static string Said(CliError e) => $"{e.Number} {string.Join(' ', e.Args)}";

    [Fact]
    public void WhatIsNoUtf8IsSaidByItsPlace()
    {
        byte[] bytes = [.. "ab\ncé"u8, 0xFF, .. "d\n"u8];
        Assert.Equal("7003 input 6", Said(Assert.Throws<CliError>(() => Of(bytes).ReadAll(() => { }, default))));
        var lines = Of(bytes);
        Assert.Equal("ab", lines.ReadLine(() => { }, default));
        Assert.Equal("7003 input 6", Said(Assert.Throws<CliError>(() => lines.ReadLine(() => { }, default))));
        Assert.Equal("7003 input 2", Said(Assert.Throws<CliError>(() => Of([.. "ab"u8, 0xE5, 0xA4]).ReadAll(() => { }, default))));
        Assert.Equal("大", Of([.. Encoding.UTF8.Preamble, .. "大"u8]).ReadAll(() => { }, default));
    }

    [Fact]
    public void LinesComeWhole()
    {
        var input = Of([.. "one\r\n\ntwo"u8]);
        string?[] lines = [.. Enumerable.Range(0, 4).Select(_ => input.ReadLine(() => { }, default))];
        Assert.Equal(["one", "", "two", null], lines);
    }

    /// <summary>A pipe that says nothing until its reader has said that it waits.</summary>
    sealed class Silent : MemoryStream
    {
        public ManualResetEventSlim Waited { get; } = new();

        public override int Read(Span<byte> buffer)
        {
            Waited.Wait();
            return 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }

    [Fact]
    public void WaitingIsSaidOnceAndCanBeStopped()
    {
        using var pipe = new Silent();
        var input = new StandardInput(pipe, isTty: false) { Patience = TimeSpan.FromMilliseconds(1) };
        var said = 0;
        Assert.Equal("", input.ReadAll(Heard, default));
        Assert.Equal(1, said);

        using var silent = new Silent();
        using var stop = new CancellationTokenSource();
        var waiting = new StandardInput(silent, isTty: false) { Patience = TimeSpan.FromMilliseconds(1) };
        Assert.ThrowsAny<OperationCanceledException>(() => waiting.ReadAll(stop.Cancel, stop.Token));
        silent.Waited.Set();

        void Heard()
        {
            said++;
            pipe.Waited.Set();
        }
    }
}
