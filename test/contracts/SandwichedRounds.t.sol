// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SwapExecutor} from "../../contracts/swap/SwapExecutor.sol";
import {SandwichStage} from "./support/SandwichStage.sol";

/// F43 for arbitrage: whatever is traded around it, a round gains its floor or takes nothing.
contract SandwichedRoundsTest is SandwichStage {
    struct Scene {
        address[] route;
        uint256 amountIn;
        uint256 quoted;
        SwapExecutor.Arbitrage order;
        address attacked;
        bool isV3;
        bool isForward;
        uint256 front;
    }

    function testFuzz_ASandwichedRoundKeepsItsFloorOrPaysNothing(uint256 seed) public {
        _keepsItsFloorOrPaysNothing(_scene(seed));
    }

    function test_SandwichesLetSomeRoundsPassAndEndOthers() public {
        uint256 passed;
        uint256 hurt;
        for (uint256 i = 0; i < 64; i++) {
            uint256 state = vm.snapshotState();
            Scene memory scene = _scene(uint256(keccak256(abi.encode(i))));
            uint256 gained = _keepsItsFloorOrPaysNothing(scene);
            if (gained > 0) passed += 1;
            if (gained > 0 && gained < scene.quoted) hurt += 1;
            vm.revertToState(state);
        }
        require(passed > 8 && passed < 56, "one side alone shows nothing");
        require(hurt > 0, "no sandwich took anything");
    }

    function test_WhoClosesTheGapFirstLeavesTheRoundNothing() public {
        Scene memory scene = _scene(1);
        attacker.trade(pair, false, b, a, DEPTH / 5);
        IERC20(a).approve(address(executor), scene.amountIn);
        vm.expectPartialRevert(SwapExecutor.ProfitTooLow.selector);
        executor.arbitrage(scene.order);
    }

    /// A gap of 4 % to 44 % between the pools, and an attacker on one of them, either way round.
    function _scene(uint256 seed) private returns (Scene memory scene) {
        attacker.trade(pair, false, a, b, DEPTH / 50 + (seed % (DEPTH / 6)));
        // Selling A made it cheap in the pair: A buys B in the pool, B buys more A back there.
        scene.route = _two(pool, pair);
        scene.amountIn = 1e18 + ((seed >> 8) % (DEPTH / 60));
        scene.order = _round(a, scene.amountIn, 1, scene.route);
        uint256 state = vm.snapshotState();
        IERC20(a).approve(address(executor), scene.amountIn);
        scene.quoted = executor.arbitrage(scene.order);
        vm.revertToState(state);
        scene.order.minProfit = 1 + (scene.quoted * ((seed >> 16) % 100)) / 100;
        scene.isV3 = (seed >> 32) % 2 == 0;
        scene.attacked = scene.isV3 ? pool : pair;
        scene.isForward = (seed >> 33) % 2 == 0;
        scene.front = 1e18 + ((seed >> 40) % (DEPTH / 10));
    }

    /// Before, the round, and back again with all that was bought.
    function _keepsItsFloorOrPaysNothing(Scene memory scene) private returns (uint256 gained) {
        (address from, address to) = scene.isForward ? (a, b) : (b, a);
        uint256 bought = attacker.trade(scene.attacked, scene.isV3, from, to, scene.front);
        uint256 heldA = _balance(a, address(this));
        uint256 heldB = _balance(b, address(this));
        IERC20(a).approve(address(executor), scene.amountIn);
        try executor.arbitrage(scene.order) returns (uint256 profit) {
            gained = _balance(a, address(this)) - heldA;
            require(gained == profit && gained >= scene.order.minProfit, "below its floor");
        } catch {
            require(_balance(a, address(this)) == heldA, "a round that ended took something");
        }
        require(_balance(b, address(this)) == heldB, "the other token moved");
        require(_balance(a, address(executor)) + _balance(b, address(executor)) == 0, "left");
        attacker.trade(scene.attacked, scene.isV3, to, from, bought);
        IERC20(a).approve(address(executor), 0);
    }
}
