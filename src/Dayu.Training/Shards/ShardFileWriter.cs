using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Dayu.Training;

/// <summary>A file of a shard set while it is written, with its index; both are hashed on the way.</summary>
sealed class ShardFileWriter : IDisposable
{
    const int Piece = 1 << 14;                                       // ids that are written at once

    readonly string part, name;
    readonly int bytes;
    readonly byte[] buffer;
    readonly FileStream ids, index;
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly IncrementalHash indexHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Begins a file, or goes on with one after so many tokens and documents; what came after them is cut off.</summary>
    /// <exception cref="InvalidDataException">It has not so many.</exception>
    public ShardFileWriter(string folder, string part, int number, int bytes, long tokens = 0, long documents = 0)
    {
        (this.part, this.bytes, Number, Tokens, Documents) = (part, bytes, number, tokens, documents);
        name = ShardFile.NameOf(part, number);
        buffer = new byte[Piece * bytes];
        try
        {
            ids = Open(Path.Combine(folder, name), tokens * bytes, hash);
            index = Open(Path.Combine(folder, ShardFile.IndexOf(name)), documents * ShardFile.Entry, indexHash);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Which file of its part it is, from 0.</summary>
    public int Number { get; }

    /// <summary>Tokens so far.</summary>
    public long Tokens { get; private set; }

    /// <summary>Documents so far.</summary>
    public long Documents { get; private set; }

    /// <summary>Adds a document.</summary>
    /// <param name="document">Its ids, each of them checked; one at least.</param>
    /// <param name="number">Its number in the corpus.</param>
    public void Add(ReadOnlySpan<int> document, long number)
    {
        Span<byte> entry = stackalloc byte[ShardFile.Entry];
        BinaryPrimitives.WriteInt64LittleEndian(entry, Tokens);
        BinaryPrimitives.WriteInt64LittleEndian(entry[sizeof(long)..], number);
        Write(index, indexHash, entry);
        for (var at = 0; at < document.Length; at += Piece)
        {
            var piece = document[at..Math.Min(document.Length, at + Piece)];
            for (var i = 0; i < piece.Length; i++)
                if (bytes == sizeof(ushort)) BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(i * bytes), (ushort)piece[i]);
                else BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(i * bytes), (uint)piece[i]);
            Write(ids, hash, buffer.AsSpan(0, piece.Length * bytes));
        }
        Tokens += document.Length;
        Documents++;
    }

    /// <summary>Brings everything to the disk.</summary>
    public void Flush()
    {
        ids.Flush(flushToDisk: true);
        index.Flush(flushToDisk: true);
    }

    /// <summary>Ends the file.</summary>
    public ShardFile Close()
    {
        Flush();
        var made = new ShardFile(part, name, Tokens, Documents, Hex(hash), Hex(indexHash));
        Dispose();
        return made;
    }

    static void Write(FileStream file, IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        file.Write(bytes);
        hash.AppendData(bytes);
    }

    static FileStream Open(string path, long length, IncrementalHash hash)
    {
        var file = new FileStream(path, length > 0 ? FileMode.Open : FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 18);
        try
        {
            if (file.Length < length)
                throw new InvalidDataException($"{path} has {file.Length:N0} bytes; {length:N0} were written when it was interrupted. "
                    + "Something else has changed it: begin this set anew");
            var chunk = new byte[1 << 18];
            for (var left = length; left > 0;)
            {
                var read = chunk.AsSpan(0, (int)Math.Min(left, chunk.Length));
                file.ReadExactly(read);
                hash.AppendData(read);
                left -= read.Length;
            }
            file.SetLength(length);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>Closes the files; what is in them stays.</summary>
    public void Dispose()
    {
        ids?.Dispose();
        index?.Dispose();
        hash.Dispose();
        indexHash.Dispose();
    }
}
