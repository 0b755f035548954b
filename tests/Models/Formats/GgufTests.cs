using System.Text;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

public sealed class GgufTests
{
    public static TheoryData<string> GoldenFiles =>
        [
            .. Fixtures.GoldenFiles("*.gguf").Select(f => Path.Combine(Fixtures.Golden, f)),
            .. Fixtures.SharedFiles("models", "*.gguf").Select(f => Path.Combine(Fixtures.Shared!, "models", f)),
        ];

    public static TheoryData<string> Formats =>
        [.. Fixtures.GoldenFiles("llama.*.gguf").Select(f => Path.GetFileNameWithoutExtension(f)["llama.".Length..])];

    [Theory, MemberData(nameof(GoldenFiles))]
    public void WhatIsWrittenIsWhatWasRead(string path)
    {
        using var first = GgufFile.Open(path);
        Assert.NotEmpty(first.Metadata.Text("general.architecture"));
        using var scratch = new Decoded.Scratch();
        var writer = new GgufWriter();
        foreach (var key in first.Metadata.Keys) writer.Copy(key, first.Metadata);
        foreach (var entry in first.Tensors.Entries.Values) writer.Add(TensorSource.Of(entry));
        writer.Save(scratch.Path);
        using var second = GgufFile.Open(scratch.Path);
        Assert.Equal(first.Metadata.Keys, second.Metadata.Keys);
        foreach (var key in first.Metadata.Keys)
        {
            Assert.Equal(first.Metadata.TypeOf(key), second.Metadata.TypeOf(key));
            Assert.True(first.Metadata.Raw(key).SequenceEqual(second.Metadata.Raw(key)), key);
        }
        Assert.Equal(first.Tensors.Entries.Keys, second.Tensors.Entries.Keys);
        foreach (var (key, a) in first.Tensors.Entries)
        {
            var b = second.Tensors[key];
            Assert.Equal((a.DType, a.Shape), (b.DType, b.Shape));
            Assert.True(a.Data().SequenceEqual(b.Data()), key);
        }
    }

    /// <summary>
    /// Four rows as the writer of the fixtures decoded them, for every number format that this build knows.
    /// </summary>
    [Theory, MemberData(nameof(Formats))]
    public void RowsDecodeToWhatTheyMean(string format)
    {
        using var file = GgufFile.Open(Path.Combine(Fixtures.Golden, "gguf", $"llama.{format}.gguf"));
        const string name = "blk.0.ffn_down.weight";
        if (file.Tensors.Unsupported.TryGetValue(name, out var why)) Assert.Skip($"{format}: {why}");
        using var golden = Safetensors.Open(Fixtures.GoldenOrSkip("gguf", "formats.safetensors"));
        var rows = golden[$"row.{format}"];
        Assert.Equal(file.Tensors[name].Shape[^1], rows.Shape[^1]);
        Assert.Equal(rows.Values(), file.Tensors[name].Values(0, rows.Shape.Count));
    }

    [Fact]
    public void RealModelIsRead()
    {
        using var file = GgufFile.Open(Fixtures.SharedOrSkip("models", "smollm2-135m-instruct.Q4_1.gguf"));
        var m = file.Metadata;
        Assert.Equal("llama", m.Text("general.architecture"));
        Assert.Equal((30, 9), (m.Int("llama.block_count"), m.Int("llama.attention.head_count")));
        Assert.Equal((3, 576), (m.Int("llama.attention.head_count_kv"), m.Int("llama.embedding_length")));
        Assert.Equal(1e-5f, m.Float("llama.attention.layer_norm_rms_epsilon"));
        Assert.Equal(49152, m.Texts("tokenizer.ggml.tokens").Length);
        Assert.Equal(49152, m.Ints("tokenizer.ggml.token_type").Length);
        Assert.Contains("<|im_start|>", m.Text("tokenizer.chat_template"));
        Assert.Equal(new Shape(49152, 576), file.Tensors["token_embd.weight"].Shape);
        Assert.Empty(file.Tensors.Unsupported);
    }

    [Fact]
    public void EveryKindOfValueComesBack()
    {
        using var scratch = new Decoded.Scratch();
        string[] words = ["", "大語", "a\0b", "🙂"];
        new GgufWriter().Add("general.alignment", 64).Add("text", "大\n").Add("count", int.MaxValue).Add("number", -0.1f).Add("flag", true)
            .Add("texts", words).Add("ints", [-1, 0, int.MaxValue]).Add("floats", [float.NaN, 1e-30f]).Add("flags", [true, false])
            .Add(TensorSource.Of("a", DType.BF16, new Shape(3, 5), new float[15]))
            .Add(TensorSource.Of("b", DType.F32, new Shape(1), new[] { 7f }))
            .Save(scratch.Path);
        using var file = GgufFile.Open(scratch.Path);
        var m = file.Metadata;
        Assert.Equal(("大\n", int.MaxValue, -0.1f, true), (m.Text("text"), m.Int("count"), m.Float("number"), m.Bool("flag")));
        Assert.Equal(words, m.Texts("texts"));
        Assert.Equal([-1, 0, int.MaxValue], m.Ints("ints"));
        Assert.Equal([float.NaN, 1e-30f], m.Floats("floats"));
        Assert.Equal([1, 0], m.Ints("flags"));
        Assert.Equal(("x", 3, 0.5f, false), (m.Text("no", "x"), m.Int("no", 3), m.Float("no", 0.5f), m.Bool("no", false)));
        Assert.Equal([7f], file.Tensors["b"].Values());
        Assert.Equal(64, file.Tensors["b"].Address - file.Tensors["a"].Address);
    }

    /// <summary>
    /// Short texts have a check of their own; it must let pass what a strict decoder does, and nothing else.
    /// </summary>
    [Fact]
    public void OnlyUtf8IsText()
    {
        const int Length = 7, Rounds = 20_000;
        using var scratch = new Decoded.Scratch();
        new GgufWriter().Add("text", new string('?', Length)).Save(scratch.Path);
        var image = File.ReadAllBytes(scratch.Path);
        var at = image.AsSpan().IndexOf("???????"u8);
        var (strict, random, passed) = (new UTF8Encoding(false, throwOnInvalidBytes: true), new Random(7), 0);
        string[] characters = ["a", "\u007f", "\u0080", "é", "\u07ff", "大", "\uffff", "🙂"];
        for (var i = 0; i < Rounds; i++)
        {
            var text = new List<byte>();
            // the last is cut off at times
            while (text.Count < Length) text.AddRange(Encoding.UTF8.GetBytes(characters[random.Next(characters.Length)]));
            text.CopyTo(0, image, at, Length);
            if (random.Next(2) == 0) image[at + random.Next(Length)] = (byte)random.Next(256);
            string? expected = null;
            try { expected = strict.GetString(image, at, Length); }
            catch (DecoderFallbackException) { }
            using var file = GgufFile.Open(new MappedFile("text.gguf", image));
            if (expected is null)
                Assert.Contains("no UTF-8", Assert.Throws<InvalidDataException>(() => file.Metadata.Text("text")).Message);
            else Assert.Equal(expected, file.Metadata.Text("text"));
            passed += expected is null ? 0 : 1;
        }
        Assert.InRange(passed, Rounds / 10, Rounds * 9 / 10);
    }

    [Fact]
    public void AskingForTheWrongThingSaysWhatIsThere()
    {
        using var scratch = new Decoded.Scratch();
        new GgufWriter().Add("text", "x").Add("count", 1).Add("ints", [1]).Save(scratch.Path);
        using var file = GgufFile.Open(scratch.Path);
        var m = file.Metadata;
        Assert.Contains("'no' is missing", Assert.Throws<InvalidDataException>(() => m.Int("no")).Message);
        Assert.Contains("'text' is of type Text; a whole number", Assert.Throws<InvalidDataException>(() => m.Int("text", 1)).Message);
        Assert.Contains("'count' is of type U32; an array of texts", Assert.Throws<InvalidDataException>(() => m.Texts("count")).Message);
        Assert.Contains("'ints' is an array of type I32; texts", Assert.Throws<InvalidDataException>(() => m.Texts("ints")).Message);
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => m.Text("text"));
    }

    [Fact]
    public void WriterRefusesWhatReadersCannotTake()
    {
        var w = new GgufWriter().Add("a", 1);
        Assert.Throws<ArgumentException>(() => w.Add("a", 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => w.Add("b", -1));
        Assert.Throws<ArgumentException>(() => w.Add("general.alignment", 48));
        Assert.Throws<ArgumentException>(() => w.Add(TensorSource.Of(new string('n', 64), DType.F32, new Shape(1), new float[1])));
        Assert.Throws<ArgumentException>(() => w.Add(TensorSource.Of("t", DType.Named("q8_0"), new Shape(2, 16), new float[32])));
    }
}
