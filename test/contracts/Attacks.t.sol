// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IUniswapV3Factory} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Factory.sol";
import {IPairFactory} from "../../contracts/interfaces/IPairFactory.sol";
import {Hooked, ITransferHook} from "../../contracts/mocks/weird/Hooked.sol";
import {SwapExecutor} from "../../contracts/swap/SwapExecutor.sol";
import {SwapListings} from "../../contracts/swap/SwapListings.sol";
import {HostileFactory} from "./attackers/HostileFactory.sol";
import {HostilePool} from "./attackers/HostilePool.sol";
import {Stage} from "./support/Stage.sol";

/// Every external function called again from within a swap, and pools that lie about everything.
contract AttacksTest is Stage, ITransferHook {
    address private a;
    address private b;
    address private pairAB;
    address private poolAB;
    HostilePool private hostile;
    HostileFactory private factory;
    Hooked private hooked;
    bytes private inHook;
    bytes private answer;

    function setUp() public {
        _openStage();
        a = address(_token("A"));
        b = address(_token("B"));
        if (a > b) (a, b) = (b, a);
        pairAB = _listedPair(a, b);
        poolAB = _listedPool(a, b, 500);
        hostile = new HostilePool();
        factory = new HostileFactory(address(hostile));
        IERC20(a).transfer(address(hostile), 1e18);
        IERC20(b).transfer(address(hostile), 1e18);
    }

    function test_AHostilePoolThatPaysNothingEarnsNothing() public {
        _hostileSwapFails(HostilePool.Mode.PayNothing, SwapExecutor.OutputTooLow.selector);
        _hostilePairFails(HostilePool.Mode.PayNothing, SwapExecutor.OutputTooLow.selector);
    }

    function test_AHostilePoolMayAskForNoMoreThanTheInput() public {
        _hostileSwapFails(HostilePool.Mode.AskTooMuch, SwapExecutor.WrongDemand.selector);
        _hostileSwapFails(HostilePool.Mode.AskForNothing, SwapExecutor.WrongDemand.selector);
    }

    function test_AHostilePoolMayAskOnceAndOnlyInItsHop() public {
        _hostileSwapFails(HostilePool.Mode.AskTwice, SwapExecutor.NotThePool.selector);
        _hostilePairFails(HostilePool.Mode.AskLater, SwapExecutor.NotThePool.selector);
    }

    function test_APoolThatNeverAsksIsNotPaidAfterwards() public {
        _listHostilePool();
        hostile.set(HostilePool.Mode.NeverAsk, b);
        IERC20(a).approve(address(executor), 100);
        vm.expectPartialRevert(SwapExecutor.OutputTooLow.selector);
        executor.swap(_order(a, b, 100, _one(address(hostile))));
        vm.prank(address(hostile));
        vm.expectPartialRevert(SwapExecutor.NotThePool.selector);
        executor.uniswapV3SwapCallback(100, -1, "");
    }

    function test_WhatAPoolSaysIsNotBelieved() public {
        _listHostilePool();
        IERC20(b).transfer(address(executor), 1e18); // Something to steal.
        hostile.set(HostilePool.Mode.SayTooMuch, b);
        IERC20(a).approve(address(executor), 1_000);
        // It claims to have sent more B than there is, so that the next pool is overpaid.
        SwapExecutor.Arbitrage memory round = _round(a, 100, 1, _two(address(hostile), poolAB));
        try executor.arbitrage(round) {
            revert("a lie was paid for");
        } catch {}
        // It claims as much as the executor was given: the gift must not move.
        hostile.set(HostilePool.Mode.AskTooMuch, b);
        vm.expectPartialRevert(SwapExecutor.WrongDemand.selector);
        executor.arbitrage(round);
        hostile.set(HostilePool.Mode.PayNothing, b);
        vm.expectPartialRevert(SwapExecutor.ProfitTooLow.selector);
        executor.arbitrage(round);
        hostile.set(HostilePool.Mode.SayLoss, b);
        try executor.arbitrage(round) {
            revert("a loss was paid out");
        } catch {}
        require(_balance(b, address(executor)) == 1e18, "the gift moved");
    }

    function test_AGiftIsNotPaidOnForAPoolThatSentNothing() public {
        _listHostilePool();
        IERC20(b).transfer(address(executor), 1e18);
        // It says ten B and sends none: paid from the gift, the next pool gives a profit for one A.
        hostile.set(HostilePool.Mode.PayNothing, b);
        IERC20(a).approve(address(executor), 1);
        vm.expectPartialRevert(SwapExecutor.LeftBehind.selector);
        executor.arbitrage(_round(a, 1, 1, _two(address(hostile), poolAB)));
    }

    function test_APairThatSaysItPaidIsMeasured() public {
        _hostilePairFails(HostilePool.Mode.SayTooMuch, SwapExecutor.OutputTooLow.selector);
    }

    function test_APoolThatReentersGetsNowhere() public {
        _listHostilePool();
        bytes[] memory calls = _calls();
        for (uint256 i = 0; i < calls.length; i++) {
            hostile.set(HostilePool.Mode.Reenter, b);
            hostile.reenter(address(executor), calls[i]);
            _swap(_order(a, b, 10, _one(address(hostile))));
            _assertRefused(calls[i], hostile.answer(), address(hostile));
        }
    }

    function test_APairThatReentersGetsNowhere() public {
        executor.listPair(IPairFactory(address(factory)), a, b, 3_000);
        bytes[] memory calls = _calls();
        for (uint256 i = 0; i < calls.length; i++) {
            hostile.set(HostilePool.Mode.Reenter, b);
            hostile.reenter(address(executor), calls[i]);
            _swap(_order(a, b, 10, _one(address(hostile))));
            _assertRefused(calls[i], hostile.answer(), address(hostile));
        }
    }

    function test_AnOperatorCalledByItsTokenMayNotGiveAnotherOrder() public {
        hooked = new Hooked();
        hooked.mint(address(this), 10 * DEPTH);
        executor.setToken(address(hooked), true);
        address pair = _listedPair(address(hooked), a);
        address pool = _listedPool(address(hooked), a, 500);
        hooked.register();
        bytes[] memory calls = _calls();
        address owner = address(0xdead);
        executor.transferOwnership(owner);
        vm.prank(owner);
        executor.acceptOwnership(); // The operator is no owner any more.
        for (uint256 i = 0; i < calls.length * 4; i++) {
            inHook = calls[i / 4];
            address route = i % 2 == 0 ? pair : pool;
            bool isSale = i % 4 < 2;
            (address tokenIn, address tokenOut) = isSale
                ? (address(hooked), a)
                : (a, address(hooked));
            _swap(_order(tokenIn, tokenOut, 1e18, _one(route)));
            _assertRefused(inHook, answer, address(this));
        }
    }

    function onTransfer(address, address, uint256) external override {
        if (inHook.length == 0) return;
        (, answer) = address(executor).call(inHook);
    }

    /// Every function of the executor that changes something.
    function _calls() private view returns (bytes[] memory calls) {
        calls = new bytes[](11);
        address me = address(0xbad);
        SwapExecutor.Swap memory order = _order(a, b, 1, _one(pairAB));
        calls[0] = abi.encodeCall(SwapExecutor.swap, (order));
        SwapExecutor.Arbitrage memory round = _round(a, 1, 1, _two(pairAB, poolAB));
        calls[1] = abi.encodeCall(SwapExecutor.arbitrage, (round));
        calls[2] = abi.encodeCall(SwapExecutor.uniswapV3SwapCallback, (-1, 0, ""));
        calls[3] = abi.encodeCall(SwapListings.setOperator, (me, true));
        calls[4] = abi.encodeCall(SwapListings.setToken, (me, true));
        IPairFactory pairMaker = IPairFactory(address(factory));
        calls[5] = abi.encodeCall(SwapListings.listPair, (pairMaker, a, b, 1));
        IUniswapV3Factory poolMaker = IUniswapV3Factory(address(factory));
        calls[6] = abi.encodeCall(SwapListings.listPool, (poolMaker, a, b, 1));
        calls[7] = abi.encodeCall(SwapListings.delistPool, (pairAB));
        calls[8] = abi.encodeWithSignature("transferOwnership(address)", me);
        calls[9] = abi.encodeWithSignature("acceptOwnership()");
        calls[10] = abi.encodeWithSignature("renounceOwnership()");
    }

    /// With the reason that fits the function: the guard, the pool's lock, or the owner's.
    function _assertRefused(bytes memory sent, bytes memory said, address by) private view {
        bytes4 selector = bytes4(sent);
        bytes4 reason = bytes4(said);
        if (selector == SwapExecutor.swap.selector || selector == SwapExecutor.arbitrage.selector) {
            require(reason == SwapExecutor.Reentered.selector, "an order within an order");
        } else if (selector == SwapExecutor.uniswapV3SwapCallback.selector) {
            bool isInItsHop = by == address(hostile) && executor.listingOf(by).kind == V3;
            bytes4 expected =
                isInItsHop ? SwapExecutor.WrongDemand.selector : SwapExecutor.NotThePool.selector;
            require(reason == expected, "a demand within an order");
        } else {
            require(reason == Ownable.OwnableUnauthorizedAccount.selector, "a stranger listed");
        }
    }

    SwapListings.Kind private constant V3 = SwapListings.Kind.V3;

    function _listHostilePool() private {
        executor.listPool(IUniswapV3Factory(address(factory)), a, b, 500);
    }

    function _hostileSwapFails(HostilePool.Mode mode, bytes4 selector) private {
        _listHostilePool();
        _hostileFails(mode, selector);
    }

    function _hostilePairFails(HostilePool.Mode mode, bytes4 selector) private {
        executor.listPair(IPairFactory(address(factory)), a, b, 3_000);
        _hostileFails(mode, selector);
    }

    /// The caller approved far more than the order says: not even then is more taken.
    function _hostileFails(HostilePool.Mode mode, bytes4 selector) private {
        hostile.set(mode, b);
        IERC20(a).approve(address(executor), 1_000);
        uint256 before = _balance(a, address(this));
        vm.expectPartialRevert(selector);
        executor.swap(_order(a, b, 100, _one(address(hostile))));
        require(_balance(a, address(this)) == before, "something moved");
    }
}
