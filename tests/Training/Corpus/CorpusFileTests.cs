using System.IO.Compression;
using System.Text;
using Dayu.Training;
using Parquet;
using Parquet.Schema;
using ZstdSharp;

namespace Dayu.Tests;

/// <summary>Every format, packed in every way, gives the same documents.</summary>
public sealed class CorpusFileTests : IDisposable
{
    static readonly string[] texts = ["The first, \"quoted\".\nIts second line.", "第二篇。\n還有一行。", "Third & last."];

    readonly CorpusFolder folder = new();

    public static TheoryData<string, string> Cases => [.. from format in CorpusFile.Formats
                                                          from packing in Packing.Suffixes.Append("")
                                                          select (format, packing)];

    [Theory, MemberData(nameof(Cases))]
    public async Task DocumentsAreTheSame(string format, string packing)
    {
        var expected = format.StartsWith(".htm", StringComparison.Ordinal) ? texts[..1] : texts;
        var path = folder.Write("a" + format + packing, Packed(await Made(format), packing));
        var (read, skipped) = folder.Read(path, new() { Separator = "-----" });
        Assert.Empty(skipped);
        Assert.Equal(expected, read.Select(d => d.Text));
    }

    static async Task<byte[]> Made(string format) => format switch
    {
        ".txt" or ".md" => Encoding.UTF8.GetBytes(string.Join("\r\n-----\r\n", texts)),
        ".jsonl" => Encoding.UTF8.GetBytes(string.Join('\n', texts.Select(t =>
            new System.Text.Json.Nodes.JsonObject { ["text"] = t }.ToJsonString()))),
        ".csv" => Table(','),
        ".tsv" => Table('\t'),
        ".parquet" => await Parquet(texts),
        _ => Encoding.UTF8.GetBytes("<title>t</title><body><nav>Home</nav>"
            + $"<p>{texts[0].Replace("\n", "<br>", StringComparison.Ordinal)}</p>"),
    };

    static byte[] Table(char delimiter) => Encoding.UTF8.GetBytes($"id{delimiter}text\r\n"
        + string.Concat(texts.Select((t, i) => $"{i}{delimiter}\"{t.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\r\n")));

    internal static async Task<byte[]> Parquet(params string[] texts)
    {
        var (field, bytes) = (new DataField<string>("text"), new MemoryStream());
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(field), bytes))
        {
            foreach (var group in texts.Chunk(2))
            {
                using var rows = writer.CreateRowGroup();
                await rows.WriteAsync(field, group);
                rows.CompleteValidate();
            }
        }
        return bytes.ToArray();
    }

    /// <summary>In two parts, as files that were put one after another are.</summary>
    internal static byte[] Packed(byte[] bytes, string packing, int parts = 2)
    {
        if (packing.Length == 0) return bytes;
        var packed = new MemoryStream();
        foreach (var part in parts == 1 ? [bytes] : (byte[][])[bytes[..(bytes.Length / 2)], bytes[(bytes.Length / 2)..]])
        {
            using Stream to = packing == ".gz" ? new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)
                : new CompressionStream(packed, leaveOpen: true);
            to.Write(part);
        }
        return packed.ToArray();
    }

    public void Dispose() => folder.Dispose();
}
