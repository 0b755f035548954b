using Dayu.Cli;

namespace Dayu.Tests;

/// <summary>dayu serve as it is called, without a process, until it is stopped.</summary>
static class Served
{
    /// <summary>The program with a data folder of the test's own.</summary>
    public static Caller Caller(string data, Interrupts? interrupts = null, Action<string>? heard = null) =>
        new() { Environment = { ["DAYU_DATA_DIR"] = data }, Interrupts = interrupts ?? new(), Heard = heard };

    /// <summary>Starts it on a port that is free.</summary>
    /// <returns>What it comes to when it ends, and where it listens.</returns>
    public static async Task<(Task<Ran> Ended, Uri Address)> Start(string data, Interrupts interrupts, params string[] arguments)
    {
        var listens = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = Task.Run(() => Caller(data, interrupts, Heard).Run(["serve", "--port", "0", .. arguments]));
        if (await Task.WhenAny(listens.Task, ended) == ended) Assert.Fail((await ended).Error);
        return (ended, await listens.Task);

        void Heard(string text)
        {
            var at = text.IndexOf("http://", StringComparison.Ordinal);
            if (at >= 0) listens.TrySetResult(new(text[at..].Split(' ')[0]));
        }
    }

    /// <summary>Whether a command of a page needs a server that runs, or is one.</summary>
    public static bool IsMeant(string command) => command.Split(' ') is [_, "serve" or "ps" or "stop", ..];

    /// <summary>Runs such a command.</summary>
    public static async Task<(int Exit, string Output, string Error)> Run(string data, string[] arguments)
    {
        var isServer = arguments[0] == "serve";
        var (ended, _) = await Start(data, new(), isServer ? arguments[1..] : [TestModels.Gguf]);
        var ran = isServer ? null : Caller(data).Run(arguments);
        if (arguments[0] != "stop") Caller(data).Run("stop");
        var served = await ended;
        ran ??= served;
        return (ran.Code, ran.Out, ran.Error);
    }
}
