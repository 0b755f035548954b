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

    /// <summary>PyTorch: tensors alone.</summary>
    PyTorch,

    /// <summary>GGUF: tensors, configuration and vocabulary.</summary>
    Gguf,

    /// <summary>llama2.c: tensors and configuration.</summary>
    Llama2c,
}

/// <summary>Tells what a path holds by its first bytes; a suffix proves nothing.</summary>
public static class FileKinds
{
    /// <summary>
    /// What is met in place of a model and is none that can be read: how it starts, what it is, what to do.
    /// </summary>
    static readonly (byte[] Start, string Is)[] others =
    [
        ([0x80], "a Python pickle, but none of PyTorch's checkpoints; nothing in such a file is run"),
        ([.. "version https://git-lfs"u8], "a Git LFS pointer, not the file itself; fetch it with 'git lfs pull'"),
        ([.. "<!DOCTYPE"u8], "a web page, not the file itself; was a download link opened that needs a login?"),
        ([.. "<html"u8], "a web page, not the file itself; was a download link opened that needs a login?"),
        ([.. "lmgg"u8], "a GGML file from before GGUF; convert it, or get a GGUF file of the same model"),
        ([.. "tjgg"u8], "a GGJT file from before GGUF; convert it, or get a GGUF file of the same model"),
        ([.. "24ka"u8], "a llama2.c checkpoint of a later version; version 0 is known, export it so"),
    ];

    /// <summary>
    /// The path that is meant: of a folder without config.json and weights the one GGUF file in it (or its first part), or nanoGPT's
    /// ckpt.pt, else the path itself.
    /// </summary>
    public static string Meant(string path)
    {
        if (!Directory.Exists(path) || File.Exists(Path.Combine(path, "config.json")) && WeightFiles.Any(path)) return path;
        string[] ggufs = [.. Directory.EnumerateFiles(path, "*.gguf").Where(p => !GgufSplit.IsLater(p)).Take(2)];
        if (ggufs.Length == 1) return ggufs[0];
        return Path.Combine(path, "ckpt.pt") is var nano && ggufs.Length == 0 && File.Exists(nano) ? nano : path;
    }

    /// <summary>What a path holds.</summary>
    /// <exception cref="FileNotFoundException">Nothing is there.</exception>
    /// <exception cref="NotSupportedException">Something else; the message says what it looks like and what is
    /// known.</exception>
    public static FileKind Recognise(string path)
    {
        path = Meant(path);
        if (Directory.Exists(path))
        {
            if (File.Exists(Path.Combine(path, "config.json"))) return FileKind.Folder;
            if (AdapterConfig.IsAlone(path)) throw AdapterConfig.NoModel(path);
            throw new NotSupportedException($"the folder {path} has neither a config.json nor a single GGUF "
                + $"file; it has {Listing(path)}");
        }
        using var file = new MappedFile(path);
        return Recognise(file);
    }

    /// <summary>What a file is.</summary>
    /// <exception cref="NotSupportedException">Something else; the message says what it looks like and what is
    /// known.</exception>
    public static FileKind Recognise(MappedFile file)
    {
        var start = file.Bytes(0, Math.Min(file.Length, 32));
        if (start.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(start) == GgufFile.Magic) return FileKind.Gguf;
        if (Safetensors.Recognises(file)) return FileKind.Safetensors;
        if (PyTorch.Recognises(file)) return FileKind.PyTorch;
        var resembles = Llama2c.Recognises(file, out var expected);
        if (resembles && expected == file.Length) return FileKind.Llama2c;
        foreach (var other in others)
            if (!resembles && start.StartsWith(other.Start)) throw new NotSupportedException($"{file.Path} is {other.Is}");
        throw new NotSupportedException($"{file.Path} is of no known kind: "
            + $"it starts with {Convert.ToHexStringLower(start[..Math.Min(start.Length, 16)])} ({Printable(start)}); "
            + (resembles ? $"as a llama2.c checkpoint it would have {expected} bytes, not {file.Length}; " : "")
            + "known: GGUF, safetensors, PyTorch, llama2.c, a folder with config.json");
    }

    static string Listing(string folder)
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Take(6).Select(p => Path.GetFileName(p)!)];
        return names.Length == 0
            ? "nothing"
            : string.Join(", ", names.Order(StringComparer.Ordinal).Take(5)) + (names.Length > 5 ? ", …" : "");
    }

    static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 16)]);
        return MappedFile.Shown(string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '.')));
    }
}
