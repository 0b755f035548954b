using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dayu.Tests;

/// <summary>What goes wrong is said in words, with what to do; no text is lost.</summary>
public sealed class WebTroubleTests(Browser browser)
{
    [Theory]
    [InlineData(503, "overloaded", 12, "en-US", "Try again in 12 seconds", "Try again")]
    [InlineData(429, "overloaded", null, "zh-CN", "服务器正忙", "重试")]
    [InlineData(500, "not_finite", null, "en-US", "The server failed at this", "Try again")]
    [InlineData(400, "context_length_exceeded", null, "en-US", "longer than the model can read", "Try again")]
    [InlineData(503, "no_memory", null, "en-US", "no room in memory", "Try again")]
    [InlineData(400, "template_refuses", null, "en-US", "The server refused this", "Try again")]
    public async Task RefusalIsSaidAndTheQuestionKept(int status, string code, int? seconds, string language, string words, string button)
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser, new(language));
        server.Next(new Script { Status = status, Code = code, Message = "said by <the> server", RetryAfter = seconds });
        await visit.Ask("A question");
        await Expect(visit.Notice).ToContainTextAsync(words);
        await Expect(visit.Notice).ToContainTextAsync("said by <the> server");
        await Expect(visit.Box).ToHaveValueAsync("A question");
        await Expect(visit.Page.Locator(".turn")).ToHaveCountAsync(0);

        server.Next(Script.Of("An answer"));
        await visit.Notice.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await Expect(visit.Answer).ToHaveTextAsync("An answer");
        await Expect(visit.Notice).ToHaveCountAsync(0);
        visit.IsClean("Failed to load resource");
    }

    [Fact]
    public async Task ServerThatIsAwayIsWaitedFor()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        await Expect(visit.Page.Locator("#only")).ToHaveTextAsync("tiny");
        await server.GoAway();
        await visit.Ask("Anybody there?");
        await Expect(visit.Notice).ToContainTextAsync("cannot be reached");
        await Expect(visit.Box).ToHaveValueAsync("Anybody there?");
        await server.ComeBack();
        server.Next(Script.Of("Yes"));
        await visit.Notice.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(visit.Answer).ToHaveTextAsync("Yes");
        visit.IsClean("Failed to load resource");
    }

    [Fact]
    public async Task AnswerThatBreaksOffStaysAndSaysSo()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        var script = server.Next(new Script().Say("Half of "));
        await visit.Ask("Go on");
        await Expect(visit.Answer).ToHaveTextAsync("Half of");
        script.Break();
        await Expect(visit.Last.Locator(".ending")).ToContainTextAsync("connection broke off");
        await Expect(visit.Answer).ToHaveTextAsync("Half of");

        server.Next(new Script().Say("Half").Send("data: {\"error\":{\"message\":\"no number\"}}\n\n"));
        await visit.Ask("And");
        await Expect(visit.Last.Locator(".ending")).ToHaveTextAsync("The server broke off the answer: no number");
        server.Next(new Script().Say("As far as it goes").End("length"));
        await visit.Ask("More");
        await Expect(visit.Last.Locator(".ending")).ToHaveTextAsync("The answer reached its greatest length.");
        visit.IsClean("Failed to load resource", "ERR_");
    }

    [Fact]
    public async Task AgainThatFailsLeavesTheAnswer()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        server.Next(Script.Of("First"));
        await visit.Ask("One?");
        await visit.Ended();
        await visit.Box.FillAsync("the next question");
        server.Next(new Script { Status = 503, Code = "overloaded" });
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Again" }).ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("busy");
        await Expect(visit.Answer).ToHaveTextAsync("First");
        await Expect(visit.Box).ToHaveValueAsync("the next question");
        server.Next(Script.Of("Second"));
        await visit.Notice.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(visit.Answer).ToHaveTextAsync("Second");
        visit.IsClean("Failed to load resource");
    }

    [Fact]
    public async Task KeyIsAskedFor()
    {
        await using var server = await ScriptedServer.Start("tiny");
        server.Key = "open sesame";
        await using var visit = await Visit.To(server.Address, browser);
        var field = visit.Page.GetByLabel("Key", new() { Exact = true });
        await field.FillAsync("open sesame");
        await field.PressAsync("Enter");
        await Expect(visit.Page.Locator("#only")).ToHaveTextAsync("tiny");
        await Expect(visit.Notice).ToHaveCountAsync(0);
        server.Next(Script.Of("Come in"));
        await visit.Ask("May I?");
        await Expect(visit.Answer).ToHaveTextAsync("Come in");
        visit.IsClean("Failed to load resource");
    }

    [Fact]
    public async Task NoModelIsSaid()
    {
        await using var server = await ScriptedServer.Start();
        await using var visit = await Visit.To(server.Address, browser, new("zh-CN"));
        await Expect(visit.Notice).ToContainTextAsync("没有可用的模型");
        server.Models = ["tiny"];
        await visit.Notice.GetByRole(AriaRole.Button, new() { Name = "重试" }).ClickAsync();
        await Expect(visit.Page.Locator("#only")).ToHaveTextAsync("tiny");
        visit.IsClean();
    }
}
