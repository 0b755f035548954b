using System.Text;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>What cannot be read is skipped by document, with its place; what stands around it is read.</summary>
public sealed class CorpusFaultTests : IDisposable
{
    readonly CorpusFolder folder = new();

    [Fact]
    public void BrokenLinesOfJsonAreSkippedAlone() => Check("a.jsonl",
        "{\"text\": \"one\"}\n{\"text\": \n\n[1]\n{\"body\": 1}\n{\"text\": \"\"}\n{\"text\": \"\\ud800\"}\n{\"text\": \"two\"}",
        ["one", "two"], ["a.jsonl:2", "a.jsonl:4", "a.jsonl:5", "a.jsonl:6", "a.jsonl:7"]);

    /// <summary>A mark that is never closed takes what stands to the next mark; then records go on.</summary>
    [Fact]
    public void BrokenRecordsOfCsvAreSkippedAlone() => Check("a.csv",
        "n,text\n1,one\n2\n3,\"a\"b\n4,\"open\n5,x\n6,\"two\"\n7,\"thr\n\"\"ee\"\n8,\n9,\"end",
        ["one", "thr\n\"ee"], ["a.csv:3", "a.csv:4", "a.csv:5", "a.csv:10", "a.csv:11"]);

    [Fact]
    public void ATableWithoutTheColumnSaysItsColumns()
    {
        var (read, skipped) = folder.Read(folder.Write("a.csv", "id,body\n1,x\n"));
        Assert.Empty(read);
        Assert.Contains("'text', but id, body", Assert.Single(skipped).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void InvalidUtf8IsSkippedByLine()
    {
        byte[] content = [.. "{\"text\": \"one\"}\n{\"text\": \""u8, 0xFF, .. "\"}\n{\"text\": \"two\"}\n"u8];
        var (read, skipped) = folder.Read(folder.Write("a.jsonl", content));
        Assert.Equal(["one", "two"], read.Select(d => d.Text));
        Assert.Equal(new("a.jsonl:2", "it is no UTF-8 (byte 0xFF at 11); convert it first"), Assert.Single(skipped));
    }

    [Fact]
    public void InvalidUtf8IsSkippedByDocumentOfAText()
    {
        byte[] content = [.. "one\n%\nx\n"u8, 0xC3, .. "\nmore\n%\ntwo"u8];
        var (read, skipped) = folder.Read(folder.Write("a.txt", content), new() { Separator = "%" });
        Assert.Equal([new("a.txt:1", "one"), new("a.txt:7", "two")], read);
        Assert.Equal(("a.txt:3", true), (skipped.Single().Place,
            skipped[0].Reason.StartsWith("line 4: it is no UTF-8", StringComparison.Ordinal)));
    }

    [Theory, InlineData(".gz"), InlineData(".zst")]
    public void HalfAFileGivesItsFirstDocuments(string packing)
    {
        var random = new Random(1);
        var lines = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{{\"text\": \"{i} {random.NextInt64()}\"}}\n"));
        var packed = CorpusFileTests.Packed(Encoding.UTF8.GetBytes(lines), packing);
        var (read, skipped) = folder.Read(folder.Write("a.jsonl" + packing, packed[..(packed.Length / 4)]));
        Assert.InRange(read.Count, 1, 19_999);
        Assert.Equal(Enumerable.Range(0, read.Count).Select(i => $"a.jsonl{packing}:{i + 1}"), read.Select(d => d.Place));
        Assert.Equal($"a.jsonl{packing}:{read.Count + 1}", Assert.Single(skipped).Place);
    }

    /// <summary>
    /// Where a line may end anywhere, too: what is left of a text is not taken for all of it, wherever it is cut. Between its two parts
    /// nothing can tell.
    /// </summary>
    [Theory, InlineData(".gz"), InlineData(".zst")]
    public void ATextThatIsCutOffIsSkipped(string packing)
    {
        var random = new Random(1);
        var text = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 40).Select(_ => random.NextInt64())));
        var (packed, first) = (CorpusFileTests.Packed(text, packing), CorpusFileTests.Packed(text[..(text.Length / 2)], packing, parts: 1));
        for (var length = 1; length < packed.Length; length++)
        {
            if (length == first.Length) continue;
            var path = folder.Write("a.txt" + packing, packed[..length]);
            var (read, skipped) = folder.Read(path);
            Assert.True(read.Count == 0, $"{length} of {packed.Length} bytes are read; the first part has {first.Length}");
            Assert.Contains(path, Assert.Single(skipped).Reason, StringComparison.Ordinal);
        }
    }

    [Theory, InlineData("a.jsonl.gz"), InlineData("a.txt.zst"), InlineData("a.parquet"), InlineData("a.parquet.gz")]
    [InlineData("a.html.gz"), InlineData("a.doc"), InlineData("a")]
    public void WhatIsNotWhatItsNameSaysIsSkipped(string name)
    {
        var (read, skipped) = folder.Read(folder.Write(name, "This is no such file, though it is long enough for a header."));
        Assert.Empty(read);
        Assert.StartsWith(name, Assert.Single(skipped).Place, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsNotThereIsSkipped() =>
        Assert.Equal(new("none.txt", "there is no such file"), Assert.Single(folder.Read("/nowhere/none.txt").Skipped));

    /// <summary>Every byte of a small table damaged in turn: documents or a reason, never an exception.</summary>
    [Fact]
    public async Task DamagedParquetIsSkipped()
    {
        var good = await CorpusFileTests.Parquet("one", "two", "three");
        for (var i = 0; i < good.Length; i += 3)
        {
            var bad = (byte[])good.Clone();
            bad[i] ^= 0x55;
            var (read, skipped) = folder.Read(folder.Write("a.parquet", bad));
            Assert.True(read.Count + skipped.Count > 0, $"byte {i}");
        }
    }

    /// <summary>A line of 200 MB beside small ones; what is allocated is bounded by the limit, not by the line.</summary>
    [Fact]
    public void AHugeLineIsPassedOver()
    {
        const int huge = 200 << 20;
        using var content = new HugeLine("{\"text\": \"one\"}\n"u8.ToArray(), huge, "\n{\"text\": \"two\"}\n"u8.ToArray());
        var skipped = new List<SkippedDocument>();
        var before = GC.GetAllocatedBytesForCurrentThread();
        string[] read = [.. new JsonLinesText(new() { MaxBytes = 1 << 20 }).Read(content, "a.jsonl", skipped.Add).Select(d => d.Text)];
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        Assert.Equal(["one", "two"], read);
        Assert.Equal(new("a.jsonl:2", "it has 209,715,200 bytes; at most 1,048,576 are read"), Assert.Single(skipped));
    }

    [Fact]
    public void ADocumentOverTheLimitIsSkipped() => Check("a.txt", "one\n%\n" + string.Concat(Enumerable.Repeat("more\n", 100)) + "%\ntwo",
        ["one", "two"], ["a.txt:3"], new() { Separator = "%", MaxBytes = 100 });

    void Check(string name, string content, string[] texts, string[] skipped, CorpusOptions? options = null)
    {
        var (read, left) = folder.Read(folder.Write(name, content), options);
        Assert.Equal(texts, read.Select(d => d.Text));
        Assert.Equal(skipped, left.Select(s => s.Place));
        Assert.All(left, s => Assert.NotEmpty(s.Reason));
    }

    public void Dispose() => folder.Dispose();

    /// <summary>A stream that nobody has in memory.</summary>
    sealed class HugeLine(byte[] before, long length, byte[] after) : Stream
    {
        long at;

        public override int Read(Span<byte> buffer)
        {
            var i = 0;
            for (; i < buffer.Length && at < Length; i++, at++)
                buffer[i] = at < before.Length ? before[at] : at < before.Length + length ? (byte)'x' : after[at - before.Length - length];
            return i;
        }

        public override long Length => before.Length + length + after.Length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Position { get => at; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
