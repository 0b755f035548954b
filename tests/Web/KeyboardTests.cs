using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dayu.Tests;

/// <summary>The page without a mouse, and with an input method between the keys and the text.</summary>
public sealed class WebKeyboardTests(Browser browser)
{
    [Fact]
    public async Task EnterThatTakesAWordSendsNothing()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser, new("zh-CN"));
        var script = server.Next(Script.Of("好"));
        await visit.Box.FocusAsync();
        var keys = await visit.Page.Context.NewCDPSessionAsync(visit.Page);
        await keys.SendAsync("Input.imeSetComposition", new Dictionary<string, object>
        {
            ["text"] = "nihao", ["selectionStart"] = 5, ["selectionEnd"] = 5,
        });
        await visit.Press("Enter");                                  // as the input method sees it: isComposing
        Assert.Equal(0, await visit.Page.Locator(".turn").CountAsync());
        await keys.SendAsync("Input.insertText", new Dictionary<string, object> { ["text"] = "你好" });

        // Safari ends the composition first; its Enter then says 229.
        await visit.Box.EvaluateAsync(
            "box => box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true }))");
        Assert.Equal(0, await visit.Page.Locator(".turn").CountAsync());
        await Expect(visit.Box).ToHaveValueAsync(new Regex(@"^你好\s*$"));   // a real method takes the line's end as well

        await visit.Press("Enter");
        Assert.Equal("你好", (string)(await script.Asked)["messages"]![0]!["content"]!);
        visit.IsClean();
    }

    [Fact]
    public async Task ShiftEnterStartsALine()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        var script = server.Next(Script.Of("Fine"));
        await visit.Page.Keyboard.TypeAsync("one");                  // the box has the focus from the start
        await visit.Press("Shift+Enter");
        await visit.Page.Keyboard.TypeAsync("two");
        await visit.Press("Enter");
        Assert.Equal("one\ntwo", (string)(await script.Asked)["messages"]![0]!["content"]!);
        await visit.Ended();
        await visit.Press("Enter");                                  // nothing is in the box: nothing is asked
        Assert.Equal(1, await visit.Page.Locator(".turn").CountAsync());
        visit.IsClean();
    }

    /// <summary>Ask, stop, ask again, begin anew, change language and colours: with the keyboard alone.</summary>
    [Fact]
    public async Task EverythingIsReachedByKeys()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        server.Next(new Script().Say("Once"));
        await visit.Page.Keyboard.TypeAsync("A story");
        await visit.Press("Enter");
        await Expect(visit.Answer).ToHaveTextAsync("Once");
        await visit.Press("Escape");
        await visit.Ended();

        server.Next(Script.Of("Twice"));
        await TabTo(visit, "Again", backwards: true);
        await visit.Press("Enter");
        await Expect(visit.Answer).ToHaveTextAsync("Twice");
        await Expect(visit.Box).ToBeFocusedAsync();                  // not lost with the button

        await TabTo(visit, "Colours: as the system", backwards: true);
        await visit.Press("Space", "Space");
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await TabTo(visit, "New conversation", backwards: true);
        await visit.Press("Enter");
        await Expect(visit.Page.Locator(".turn")).ToHaveCountAsync(0);
        await Expect(visit.Box).ToBeFocusedAsync();
        await TabTo(visit, "中文: show this page in Chinese", backwards: true);
        await visit.Press("Enter");
        await Expect(visit.Page).ToHaveTitleAsync("大禹");
        await visit.Page.ReloadAsync();
        await Expect(visit.Page).ToHaveTitleAsync("大禹");
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        visit.IsClean();
    }

    /// <summary>The first thing that Tab reaches leads past everything to the box.</summary>
    [Fact]
    public async Task FirstStopLeadsToTheBox()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        await TabTo(visit, "Skip to the message box", backwards: true);
        await Expect(visit.Page.Locator(".skip")).ToBeInViewportAsync();
        await visit.Press("Enter");
        await Expect(visit.Box).ToBeFocusedAsync();
        visit.IsClean();
    }

    static async Task TabTo(Visit visit, string name, bool backwards)
    {
        for (var i = 0; i < 30; i++)
        {
            await visit.Press(backwards ? "Shift+Tab" : "Tab");
            var here = await visit.Page.EvaluateAsync<string>(
                "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()");
            if (here == name) return;
        }
        Assert.Fail($"Tab does not come to {name}");
    }
}
