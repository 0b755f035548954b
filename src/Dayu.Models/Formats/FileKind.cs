using System.Buffers.Binary;
using System.Text;

namespace Dayu.Models;

/// <summary>What a path holds.</summary>
public enum FileKind
{
    /// <summary>A folder as Hugging Face publishes them: <c>config.json</c>, weights, tokenizer.</summary>
    Folder,

    /// <summary>Safetensors: tensors alone.</summary>
    Safetensors,

    /// <summary>GGUF: tensors, configuration and vocabulary.</summary>
    Gguf,

    /// <summary>llama2.c: tensors and configuration.</summary>
    Llama2c,
}

/// <summary>Tells what a path holds by its first bytes; a suffix proves nothing.</summary>
public static class FileKinds
{
    /// <summary>What is met in place of a model and is none that can be read: how it starts, what it is, what to do.</summary>
    static readonly (byte[] Start, string Is)[] others =
    [
        ([.. "PK\x03\x04"u8], "a PyTorch checkpoint (or another zip archive), which comes later; use the safetensors file of the same model"),
        ([0x80, 2], "a Python pickle, as old PyTorch checkpoints are, which comes later; use the safetensors file of the same model"),
        ([.. "version https://git-lfs"u8], "a Git LFS pointer, not the file itself; fetch it with 'git lfs pull'"),
        ([.. "<!DOCTYPE"u8], "a web page, not the file itself; was a download link opened that needs a login?"),
        ([.. "<html"u8], "a web page, not the file itself; was a download link opened that needs a login?"),
        ([.. "lmgg"u8], "a GGML file from before GGUF; convert it, or get a GGUF file of the same model"),
        ([.. "tjgg"u8], "a GGJT file from before GGUF; convert it, or get a GGUF file of the same model"),
        ([.. "24ka"u8], "a llama2.c checkpoint of a later version; version 0 is known, export it so"),
    ];

    /// <summary>What a path holds.</summary>
    /// <exception cref="FileNotFoundException">Nothing is there.</exception>
    /// <exception cref="NotSupportedException">Something else; the message says what it looks like and what is known.</exception>
    public static FileKind Recognise(string path)
    {
        if (Directory.Exists(path))
            return File.Exists(Path.Combine(path, "config.json")) ? FileKind.Folder
                : throw new NotSupportedException($"the folder {path} has no config.json; it has {Listing(path)}");
        using var file = new MappedFile(path);
        return Recognise(file);
    }

    /// <summary>What a file is.</summary>
    /// <exception cref="NotSupportedException">Something else; the message says what it looks like and what is known.</exception>
    public static FileKind Recognise(MappedFile file)
    {
        var start = file.Bytes(0, Math.Min(file.Length, 32));
        if (start.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(start) == GgufFile.Magic) return FileKind.Gguf;
        if (Safetensors.Recognises(file)) return FileKind.Safetensors;
        var resembles = Llama2c.Recognises(file, out var expected);
        if (resembles && expected == file.Length) return FileKind.Llama2c;
        foreach (var other in others)
            if (start.StartsWith(other.Start)) throw new NotSupportedException($"{file.Path} is {other.Is}");
        throw new NotSupportedException($"{file.Path} is of no known kind: it starts with {Convert.ToHexStringLower(start[..Math.Min(start.Length, 16)])} ({Printable(start)}); "
            + (resembles ? $"as a llama2.c checkpoint it would have {expected} bytes, not {file.Length}; " : "")
            + "known: GGUF, safetensors, llama2.c, a folder with config.json");
    }

    static string Listing(string folder)
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Take(6).Select(p => Path.GetFileName(p)!)];
        return names.Length == 0 ? "nothing" : string.Join(", ", names.Order(StringComparer.Ordinal).Take(5)) + (names.Length > 5 ? ", …" : "");
    }

    static string Printable(ReadOnlySpan<byte> bytes) => MappedFile.Shown(string.Concat(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 16)]).Select(c => c is >= ' ' and <= '~' ? c : '.')));
}
