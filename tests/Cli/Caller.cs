using System.Text;
using System.Text.Json.Nodes;
using Dayu.Cli;

namespace Dayu.Tests;

/// <summary>The program, called without a process: what it wrote, and its exit code.</summary>
public sealed record Ran(int Code, string Out, string Error)
{
    /// <summary>The result as an object.</summary>
    public JsonObject Json => JsonNode.Parse(Out)!.AsObject();

    /// <summary>The result as a list.</summary>
    public JsonArray List => JsonNode.Parse(Out)!.AsArray();

    /// <summary>Its keys, in order.</summary>
    public string Keys => KeysOf(Json);

    /// <summary>Its lines as objects.</summary>
    public IEnumerable<JsonNode> Lines => Out.Trim().Split('\n').Select(l => JsonNode.Parse(l)!);

    public static string KeysOf(JsonNode? json) => string.Join(' ', json!.AsObject().Select(p => p.Key));

    /// <summary>Holds it to having said something on standard output.</summary>
    public void Says(string text) => Assert.Contains(text, Out, StringComparison.Ordinal);

    /// <summary>Holds it to having said something on standard error.</summary>
    public void Warns(string text) => Assert.Contains(text, Error, StringComparison.Ordinal);
}

/// <summary>Calls the program.</summary>
public sealed class Caller
{
    // Neither what a machine keeps for temporary files nor what a run before left there is at hand.
    static readonly TempFolder Empty = new();

    static Caller() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Empty.Dispose();

    public string Input { get; init; } = "";

    public Dictionary<string, string> Environment { get; init; } = [];

    public string Folder { get; init; } = Empty.Path;

    internal Interrupts Interrupts { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Bytes of memory of the machine.</summary>
    public long Memory { get; init; } = 8L << 30;

    /// <summary>Whether a person sits there.</summary>
    public bool IsTty { get; init; }

    /// <summary>Whether what is written to standard output is seen by a person.</summary>
    public bool OutIsTty { get; init; }

    /// <summary>Told of every text that is written to standard output.</summary>
    public Action<string>? Heard { get; init; }

    /// <summary>The program with these arguments, and nothing else of the world.</summary>
    public static Ran Do(params string[] args) => new Caller().Run(args);

    public Ran Run(params string[] args)
    {
        Environment.TryAdd("DAYU_DATA_DIR", Empty["none"]);
        using var heard = new Listening(Heard);
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal
        {
            In = new(new MemoryStream(Encoding.UTF8.GetBytes(Input)), IsTty),
            Out = heard,
            Error = error,
            Environment = Environment.GetValueOrDefault,
            Folder = Folder,
            Interrupts = Interrupts,
            Clock = Clock,
            Memory = Memory,
            OutIsTty = OutIsTty,
            ErrorIsTty = IsTty,
        };
        var code = App.Run(args, terminal, Program.Contents);
        return new(code, heard.ToString(), error.ToString());
    }

    sealed class Listening(Action<string>? heard) : StringWriter
    {
        public override void Write(string? value)
        {
            base.Write(value);
            heard?.Invoke(value ?? "");
        }
    }
}

/// <summary>Models for tests of the program.</summary>
static class TestModels
{
    public static string Stories => Path.Combine(Fixtures.SharedOrSkip("models", "stories260K"), "stories260K.bin");

    public static string Chat => Fixtures.SharedOrSkip("models", "smollm2-135m-instruct.Q4_1.gguf");

    /// <summary>In the repository itself; has random weights, and a tokenizer.</summary>
    public static string Gguf => Fixtures.GoldenOrSkip("gguf", "llama.Q4_0.gguf");
}
