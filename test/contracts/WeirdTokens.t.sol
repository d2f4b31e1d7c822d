// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ApproveRace} from "../../contracts/mocks/weird/ApproveRace.sol";
import {Blocklisted} from "../../contracts/mocks/weird/Blocklisted.sol";
import {Decimals} from "../../contracts/mocks/weird/Decimals.sol";
import {DoubleEntry, SecondEntry} from "../../contracts/mocks/weird/DoubleEntry.sol";
import {FeeOnTransfer} from "../../contracts/mocks/weird/FeeOnTransfer.sol";
import {FlashMintable, IFlashBorrower} from "../../contracts/mocks/weird/FlashMintable.sol";
import {Hooked, ITransferHook} from "../../contracts/mocks/weird/Hooked.sol";
import {NoReturn} from "../../contracts/mocks/weird/NoReturn.sol";
import {NoZeroTransfer} from "../../contracts/mocks/weird/NoZeroTransfer.sol";
import {Only96Bits} from "../../contracts/mocks/weird/Only96Bits.sol";
import {PausableToken} from "../../contracts/mocks/weird/PausableToken.sol";
import {Rebasing} from "../../contracts/mocks/weird/Rebasing.sol";
import {ReturnsFalse} from "../../contracts/mocks/weird/ReturnsFalse.sol";
import {Upgradable} from "../../contracts/mocks/weird/Upgradable.sol";
import {WeirdToken} from "../../contracts/mocks/weird/WeirdToken.sol";
import {SwapExecutor} from "../../contracts/swap/SwapExecutor.sol";
import {Stage} from "./support/Stage.sol";

/// What the executor does with tokens that do what tokens have done to others.
contract WeirdTokensTest is Stage, ITransferHook, IFlashBorrower {
    using SafeERC20 for IERC20;

    address private usd;
    address private pair;
    address private pool;
    uint256 private hooks;

    function setUp() public {
        _openStage();
        usd = address(_token("USD"));
    }

    function testFuzz_ATokenWithHooksIsTradedWhileItsHolderIsCalled(uint256 seed) public {
        Hooked token = new Hooked();
        _list(address(token));
        token.register();
        _tradesBothWays(address(token), seed);
        require(hooks == 4, "the holder is called at every transfer");
    }

    function onTransfer(address, address, uint256) external override {
        hooks += 1;
    }

    function testFuzz_AFeeOnTransferIsMeasuredByPairs(uint256 seed) public {
        address token = address(new FeeOnTransfer());
        _listPair(token);
        uint256 amount = 1e6 + (seed % 1e24);
        uint256 before = _balance(usd, address(this));
        (uint256 spent, uint256 received) = _swap(_order(token, usd, amount, _one(pair)));
        require(spent == amount && _balance(usd, address(this)) - before == received, "sold");
        before = _balance(token, address(this));
        (, received) = _swap(_order(usd, token, amount, _one(pair)));
        require(_balance(token, address(this)) - before == received, "bought: after the fee");
        require(_balance(token, address(executor)) == 0, "left");
    }

    function test_TheLeastOutputCountsAfterTheFeeOfTheToken() public {
        address token = address(new FeeOnTransfer());
        _listPair(token);
        uint256 state = vm.snapshotState();
        (, uint256 received) = _swap(_order(usd, token, 1e18, _one(pair)));
        vm.revertToState(state);
        SwapExecutor.Swap memory order = _order(usd, token, 1e18, _one(pair));
        order.minOut = received + 1;
        _refuses(order, SwapExecutor.OutputTooLow.selector);
    }

    function test_AFeeOnTransferIsRefusedByPools() public {
        address token = address(new Upgradable());
        _list(token);
        Upgradable(token).upgrade();
        _refuses(_order(token, usd, 1e18, _one(pool)), SwapExecutor.TokenTookFee.selector);
        // Behind a pool what the executor got is less than the pool said: it cannot pay that on.
        IERC20(usd).approve(address(executor), 1e18);
        vm.expectRevert(WeirdToken.TooLittle.selector);
        executor.arbitrage(_round(usd, 1e18, 1, _two(pair, pool)));
        require(_balance(token, address(executor)) == 0, "left");
    }

    function testFuzz_ARebaseUpwardsIsNobodysLoss(uint256 seed) public {
        Rebasing token = new Rebasing();
        _list(address(token));
        token.rebase(1.1e18);
        uint256 amount = 1e9 + (seed % 1e22);
        (, uint256 received) = _swap(_order(address(token), usd, amount, _one(pair)));
        // The pair counts what the rebase gave it as arrived, as the published router does.
        require(received > (amount * 99) / 100 / 2, "received");
        require(_balance(address(token), address(executor)) == 0, "left");
    }

    function test_ARebaseBelowTheReservesLeavesNothingToTradeWith() public {
        Rebasing token = new Rebasing();
        _list(address(token));
        token.rebase(0.9e18);
        bytes4 nothing = SwapExecutor.NothingArrived.selector;
        _refuses(_order(address(token), usd, 1e18, _one(pair)), nothing);
    }

    function testFuzz_ATokenThatAnswersNothingIsTraded(uint256 seed) public {
        address token = address(new NoReturn());
        require(NoReturn(token).decimals() == 6, "decimals");
        _list(token);
        _tradesBothWays(token, seed);
    }

    function test_AnAnswerOfFalseIsARefusal() public {
        address token = address(new ReturnsFalse());
        _list(token);
        _tradesBothWays(token, 1);
        require(!IERC20(token).transfer(usd, type(uint256).max), "true");
        SwapExecutor.Swap memory order = _order(token, usd, 1e18, _one(pair));
        for (uint256 i = 0; i < 2; i++) {
            order.pools = _one(i == 0 ? pair : pool);
            IERC20(token).approve(address(executor), order.amountIn - 1);
            vm.expectPartialRevert(SafeERC20.SafeERC20FailedOperation.selector);
            executor.swap(order);
        }
    }

    function test_APausedTokenStopsAtOnceAndGoesOnLater() public {
        PausableToken token = new PausableToken();
        _list(address(token));
        token.setPaused(true);
        _refuses(_order(address(token), usd, 1e18, _one(pair)), PausableToken.Paused.selector);
        _refuses(_order(address(token), usd, 1e18, _one(pool)), PausableToken.Paused.selector);
        // On the way out the pools' own words: they pack the token's error away.
        _fails(_order(usd, address(token), 1e18, _one(pair)));
        _fails(_order(usd, address(token), 1e18, _one(pool)));
        token.setPaused(false);
        _tradesBothWays(address(token), 1);
    }

    function test_ABlockedCallerPoolOrExecutorStopsWhatWouldPassIt() public {
        Blocklisted token = new Blocklisted();
        _list(address(token));
        address[3] memory blocked = [address(this), pair, pool];
        for (uint256 i = 0; i < 3; i++) {
            token.setBlocked(blocked[i], true);
            if (blocked[i] != pool) _fails(_order(address(token), usd, 1e18, _one(pair)));
            if (blocked[i] != pair) _fails(_order(usd, address(token), 1e18, _one(pool)));
            token.setBlocked(blocked[i], false);
        }
        // A blocked executor is only in the way where tokens pass through it.
        token.setBlocked(address(executor), true);
        _tradesBothWays(address(token), 1);
    }

    function testFuzz_DecimalsAreNeverRead(uint256 seed) public {
        uint8[4] memory all = [0, 2, 24, 77];
        for (uint256 i = 0; i < 4; i++) {
            Decimals token = new Decimals(all[i]);
            require(token.decimals() == all[i], "decimals");
            _list(address(token));
            _tradesBothWays(address(token), seed);
        }
    }

    function testFuzz_NothingIsEverMovedWithoutAnAmount(uint256 seed) public {
        NoZeroTransfer token = new NoZeroTransfer();
        _list(address(token));
        _tradesBothWays(address(token), seed);
        // So little that nothing would come out: refused, and no transfer of zero on the way.
        _fails(_order(usd, address(token), 1, _one(pair)));
        vm.expectRevert(NoZeroTransfer.NothingToMove.selector);
        token.transfer(usd, 0);
    }

    function testFuzz_ApprovalsAreNeverLargerThanTheInput(uint256 seed) public {
        Only96Bits token = new Only96Bits();
        _list(address(token));
        _tradesBothWays(address(token), seed);
        vm.expectRevert(Only96Bits.TooLarge.selector);
        token.approve(address(executor), 2 ** 96);
        _refusesUnapproved(_order(address(token), usd, 2 ** 96, _one(pair)));
        token.mint(address(this), 2 ** 96);
        vm.expectRevert(Only96Bits.TooLarge.selector);
        token.transfer(usd, 2 ** 96);
    }

    function testFuzz_AnApprovalIsUsedUpSoTheNextMayCome(uint256 seed) public {
        ApproveRace token = new ApproveRace();
        _list(address(token));
        for (uint256 i = 0; i < 3; i++) {
            uint256 amount = 1e9 + (seed % 1e20);
            token.approve(address(executor), amount);
            executor.swap(_order(address(token), usd, amount, _one(i == 1 ? pair : pool)));
        }
        token.approve(address(executor), 1);
        vm.expectRevert(ApproveRace.ApprovalInUse.selector);
        token.approve(address(executor), 2);
    }

    function testFuzz_AnUpgradeIsMetAsWhatTheTokenHasBecome(uint256 seed) public {
        Upgradable token = new Upgradable();
        _list(address(token));
        _tradesBothWays(address(token), seed);
        require(token.decimals() == 18, "before");
        token.upgrade();
        require(token.decimals() == 6, "after");
        uint256 before = _balance(usd, address(this));
        (, uint256 received) = _swap(_order(address(token), usd, 1e18, _one(pair)));
        require(_balance(usd, address(this)) - before == received, "measured");
    }

    function test_FlashMintedTokensAreTradedLikeAnyAndMustBeGivenBack() public {
        FlashMintable token = new FlashMintable();
        require(token.decimals() == 18, "decimals");
        _list(address(token));
        _tradesBothWays(address(token), 1);
        token.transfer(address(0xdead), _balance(address(token), address(this)));
        vm.expectRevert(WeirdToken.TooLittle.selector);
        token.flashMint(1e18);
        token.mint(address(this), 1e22);
        token.flashMint(1e18);
    }

    function onFlashMint(uint256 amount) external override {
        _swap(_order(msg.sender, usd, amount, _one(pair)));
    }

    function test_AGiftUnderEitherAddressOfATokenStaysWhereItIs() public {
        DoubleEntry token = new DoubleEntry();
        SecondEntry second = token.second();
        _list(address(token));
        executor.setToken(address(second), true);
        token.transfer(address(executor), 3);
        second.transfer(address(executor), 4);
        _tradesBothWays(address(token), 1);
        // A pool knows the first address alone.
        bytes4 unknown = SwapExecutor.TokenNotInPool.selector;
        _refuses(_order(address(second), usd, 1e18, _one(pool)), unknown);
        require(_balance(address(second), address(executor)) == 7, "the gift moved");
        vm.expectRevert(DoubleEntry.NotTheEntry.selector);
        token.moveFor(address(this), usd, 1);
    }

    /// Sells and buys with the pair and with the pool, and loses fees alone.
    function _tradesBothWays(address token, uint256 seed) private {
        uint256 amount = 1e9 + (seed % 1e22);
        for (uint256 i = 0; i < 2; i++) {
            address[] memory route = _one(i == 0 ? pair : pool);
            (uint256 spent, uint256 received) = _swap(_order(token, usd, amount, route));
            require(spent == amount, "spent");
            uint256 before = _balance(token, address(this));
            (, uint256 back) = _swap(_order(usd, token, received, route));
            require(_balance(token, address(this)) == before + back, "received");
            require(back > (amount * 99) / 100 && back <= amount, "more than fees was lost");
        }
        require(IERC20(token).allowance(address(this), address(executor)) == 0, "approval");
    }

    function _list(address token) private {
        _listPair(token);
        pool = _listedPool(token, usd, 500);
    }

    function _listPair(address token) private {
        WeirdToken(token).mint(address(this), 10 * DEPTH);
        executor.setToken(token, true);
        // Whatever the token keeps of the first transfer, the pair opens with what it got.
        pair = _listedPair(token, usd);
    }

    function _refuses(SwapExecutor.Swap memory order, bytes4 selector) private {
        IERC20(order.tokenIn).forceApprove(address(executor), order.amountIn);
        vm.expectPartialRevert(selector);
        executor.swap(order);
    }

    function _fails(SwapExecutor.Swap memory order) private {
        IERC20(order.tokenIn).forceApprove(address(executor), order.amountIn);
        _refusesUnapproved(order);
    }

    function _refusesUnapproved(SwapExecutor.Swap memory order) private {
        uint256 before = _balance(order.tokenIn, address(this));
        try executor.swap(order) {
            revert("a swap that must not pass has passed");
        } catch {}
        require(_balance(order.tokenIn, address(this)) == before, "something moved");
    }
}
