using System.Runtime.InteropServices;
using Dayu.Text;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Token ids become the texts that they were made of.</summary>
public sealed class IdTextTests : IDisposable
{
    readonly TempFolder folder = new();

    static Tokenizer Tokenizer()
    {
        var texts = new Utf8Texts();
        texts.Add("one two three, 大禹治水"u8);
        var trained = TokenizerTrainer.Train([texts], new() { VocabularySize = 300 }, TimeProvider.System);
        return Tokenizers.FromJson(trained.Json.ToArray(), """{"eos_token": "<|endoftext|>"}"""u8.ToArray());
    }

    [Fact]
    public void DocumentsComeBack()
    {
        var (tokenizer, skipped) = (Tokenizer(), new List<SkippedDocument>());
        string[] texts = ["one two", "大禹治水。", "three"];
        var end = tokenizer.Special.Eos!.Value;
        ushort[] ids = [.. texts.SelectMany(t => tokenizer.Encode(t, false, false).Append(end)).Select(i => (ushort)i)];
        File.WriteAllBytes(folder["a.bin"], MemoryMarshal.AsBytes(ids.AsSpan()).ToArray());
        Assert.Equal(texts, new IdText(tokenizer, new()).Read(folder["a.bin"], skipped.Add).Select(d => d.Text));
        Assert.Empty(skipped);
        ids[0] = 9999;                                               // one that the tokenizer does not have spoils its document only
        File.WriteAllBytes(folder["b.bin"], MemoryMarshal.AsBytes(ids.AsSpan()).ToArray());
        Assert.Equal(texts[1..], new IdText(tokenizer, new()).Read(folder["b.bin"], skipped.Add).Select(d => d.Text));
        Assert.Contains("9999", Assert.Single(skipped).Reason, StringComparison.Ordinal);
        File.WriteAllBytes(folder["c.bin"], [1, 2, 3]);
        Assert.Empty(new IdText(tokenizer, new()).Read(folder["c.bin"], skipped.Add));
        Assert.Contains("cut off", skipped[1].Reason, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
